/** The states that the transition table leads to, made from the state before and the input. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import { offeredMedia } from "../signaling/sessionDescription.ts"
import type { FromPeer, InputOf } from "./CallInput.ts"
import type { Call, CallState, Connected, CreatingOffer, Ended, Ending, Idle, WaitingAnswer } from "./CallState.ts"
import { isSendable } from "./commands.ts"
import type { CallEnd, EndReason } from "./EndReason.ts"
import type { Answering, Applying, Connecting, Interrupted, Ringing, Up, Waiting } from "./guards.ts"
import { changeIntent, type MediaChange, type MediaIntent } from "./MediaIntent.ts"
import { originOf } from "./originOf.ts"

/** The state of every new call: nothing has happened, and `intent` is what media it will want. */
export const idle = (intent: MediaIntent): Idle => ({ _tag: "Idle", intent, early: [] })

type WithCall = Exclude<CallState, Idle | Ending | Ended>

/** The next number for an operation or a timer. */
const numbered = (call: Call): Call => ({ ...call, serial: call.serial + 1 })
/** A message shows whether its peer knows delivery fields; once shown, it stays known. */
const learned = (call: Call, message: FromPeer): Call => ({ ...call, aware: call.aware || message.aware })
const wanting = (call: Call, change: MediaChange): Call => ({ ...call, intent: changeIntent(call.intent, change) })

export const withMedia = <S extends WithCall>(state: S, input: { readonly media: MediaChange }): S => ({
  ...state,
  call: wanting(state.call, input.media)
})
export const idleWithMedia = (state: Idle, input: { readonly media: MediaChange }): Idle => ({
  ...state,
  intent: changeIntent(state.intent, input.media)
})
export const idleWithEarly = (state: Idle, { callId, candidate }: InputOf<"PeerTrickled">): Idle => ({
  ...state,
  early: [...state.early, { candidate, ...(callId === undefined ? {} : { callId }) }]
})

export const creating = (state: Idle, input: InputOf<"UserCalled">): CreatingOffer => ({
  _tag: "CreatingOffer",
  call: {
    id: input.callId,
    role: "caller",
    intent: changeIntent(state.intent, input.media),
    aware: false,
    serial: 1,
    unsentEnds: []
  },
  operation: 1,
  local: []
})
export const creatingWithLocal = (state: CreatingOffer, input: InputOf<"EngineTrickled">): CreatingOffer => ({
  ...state,
  local: [...state.local, input.candidate]
})

const withUnsent = (call: Call, candidates: ReadonlyArray<IceCandidate>): Call => ({
  ...call,
  unsentEnds: [...call.unsentEnds, ...candidates.filter((candidate) => !isSendable(call, candidate))]
})
export const waiting = (state: CreatingOffer, input: InputOf<"EngineOffered">): Waiting => {
  const call = numbered(withUnsent(state.call, state.local))
  return { _tag: "WaitingAnswer", call, offer: input.sdp, phase: { _tag: "Waiting", timer: call.serial } }
}
export const waitingLearned = (state: WaitingAnswer, input: FromPeer): WaitingAnswer => ({
  ...state,
  call: learned(state.call, input)
})
export const waitingWithTrickled = (state: WaitingAnswer, input: InputOf<"EngineTrickled">): WaitingAnswer => ({
  ...state,
  call: withUnsent(state.call, [input.candidate])
})
export const applying = (state: WaitingAnswer, input: InputOf<"PeerAnswered">): Applying => {
  const call = numbered(learned(state.call, input))
  return { ...state, call, phase: { _tag: "Applying", operation: call.serial, up: false } }
}
export const mediaUp = <S extends Applying | Answering>(state: S): S => ({
  ...state,
  phase: { ...state.phase, up: true }
})
export const mediaDown = <S extends Applying | Answering>(state: S): S => ({
  ...state,
  phase: { ...state.phase, up: false }
})

export const ringing = (state: Idle, input: InputOf<"PeerOffered">): Ringing => ({
  _tag: "IncomingOffer",
  call: {
    id: input.callId,
    role: "callee",
    intent: state.intent,
    aware: input.aware,
    serial: 1,
    unsentEnds: [],
    remoteOrigin: originOf(input.sdp)
  },
  offer: input.sdp,
  offered: offeredMedia(input.sdp),
  phase: {
    _tag: "Ringing",
    timer: 1,
    early: state.early.flatMap(({ callId = input.callId, candidate }) => (callId === input.callId ? [candidate] : []))
  }
})
export const ringingWithEarly = (state: Ringing, input: InputOf<"PeerTrickled">): Ringing => ({
  ...state,
  call: learned(state.call, input),
  phase: { ...state.phase, early: [...state.phase.early, input.candidate] }
})
export const answering = (state: Ringing, input: InputOf<"UserAccepted">): Answering => {
  const call = numbered(wanting(state.call, input.media))
  return { ...state, call, phase: { _tag: "Answering", operation: call.serial, up: false, local: [] } }
}
export const answeringWithLocal = (state: Answering, input: InputOf<"EngineTrickled">): Answering => ({
  ...state,
  phase: { ...state.phase, local: [...state.phase.local, input.candidate] }
})

/** Negotiated; whatever end-of-candidates waited has been sent, or never will be. */
const settled = (state: { readonly call: Call }): Call => ({ ...state.call, unsentEnds: [] })
export const connectedUp = (state: { readonly call: Call }): Up => ({
  _tag: "Connected",
  call: settled(state),
  media: { _tag: "Up" }
})
export const connecting = (state: { readonly call: Call }): Connecting => {
  const call = numbered(settled(state))
  return { _tag: "Connected", call, media: { _tag: "Connecting", timer: call.serial } }
}
export const interrupted = (state: Connected): Interrupted => {
  const call = numbered(state.call)
  return { _tag: "Connected", call, media: { _tag: "Interrupted", timer: call.serial } }
}
export const same = <S extends CallState>(state: S): S => state

type Reasoned = { readonly reason: EndReason }
const ending = (by: CallEnd["by"], reason: EndReason): Ending => ({ _tag: "Ending", by, reason })
export const over = (state: Ending): Ended => ({ ...state, _tag: "Ended" })
export const endingAsUserSaid = (_: unknown, { reason }: Reasoned) => ending("local", reason)
export const endingAsPeerSaid = (_: unknown, { reason }: Reasoned) => ending("remote", reason)
export const endedAsUserSaid = (_: unknown, { reason }: Reasoned) => over(ending("local", reason))
export const endedAsPeerSaid = (_: unknown, { reason }: Reasoned) => over(ending("remote", reason))
export const endingUnanswered = () => ending("local", "ring_timeout")
export const endedUnanswered = () => over(endingUnanswered())
export const endingUnconnected = () => ending("local", "connect_timeout")
export const endingUnrestored = () => ending("local", "ice_failed")
export const endingFailed = (_: unknown, { failure }: InputOf<"EngineRefused" | "EngineFailed">): Ending => ({
  ...ending("local", failure.reason === "IceFailed" ? "ice_failed" : "engine_error"),
  failure
})
