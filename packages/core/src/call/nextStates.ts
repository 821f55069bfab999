/** The states that the transition table leads to, made from the state before and the input. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import { offeredMedia } from "../signaling/sessionDescription.ts"
import type { FromPeer, InputOf } from "./CallInput.ts"
import type { Abilities, Call, CallState, CreatingOffer, Ended, Ending, Idle, WaitingAnswer } from "./CallState.ts"
import { isSendable } from "./commands.ts"
import type { CallEnd, EndReason } from "./EndReason.ts"
import type { Answering, Applying, Ringing, Waiting } from "./guards.ts"
import { changeIntent, type MediaChange, type MediaIntent } from "./MediaIntent.ts"
import { commonAbilities } from "./marks.ts"
import { originOf, ufragOf } from "./readSdp.ts"

const fullAbilities: Abilities = { renegotiates: true, restartsIce: true }

/** The state of every new call: nothing has happened, and `intent` is what media it will want. */
export const idle = (intent: MediaIntent, abilities: Abilities = fullAbilities): Idle => ({
  _tag: "Idle",
  intent,
  abilities,
  early: [],
  hungUp: []
})

type WithCall = Exclude<CallState, Idle | Ending | Ended>

/** The next number for an operation or a timer. */
export const numbered = (call: Call): Call => ({ ...call, serial: call.serial + 1 })
/** A message shows whether its peer knows delivery fields; once shown, it stays known. */
const learned = (call: Call, message: FromPeer): Call => ({ ...call, aware: call.aware || message.aware })
const wanting = (call: Call, change: MediaChange): Call => ({ ...call, intent: changeIntent(call.intent, change) })
export const wantsNothing = { round: false, restart: false }

export const withMedia = <S extends WithCall>(state: S, input: { readonly media: MediaChange }): S => ({
  ...state,
  call: wanting(state.call, input.media)
})
/** Media that only a round to come can bring. */
export const withLaterMedia = <S extends WithCall>(state: S, input: { readonly media: MediaChange }): S => ({
  ...state,
  call: { ...wanting(state.call, input.media), wants: { ...state.call.wants, round: true } }
})
export const idleWithMedia = (state: Idle, input: { readonly media: MediaChange }): Idle => ({
  ...state,
  intent: changeIntent(state.intent, input.media)
})
export const idleWithEarly = (state: Idle, { callId, candidate }: InputOf<"PeerTrickled">): Idle => ({
  ...state,
  early: [...state.early, { candidate, ...(callId === undefined ? {} : { callId }) }]
})
/** How many calls are remembered that were hung up before their offer came. */
const maxHungUp = 16
export const idleHungUp = (state: Idle, { callId }: FromPeer): Idle => ({
  ...state,
  hungUp: [...state.hungUp, ...(callId === undefined ? [] : [callId])].slice(-maxHungUp)
})

export const creating = ({ abilities, intent }: Idle, input: InputOf<"UserCalled">): CreatingOffer => ({
  _tag: "CreatingOffer",
  call: {
    id: input.callId,
    role: "caller",
    intent: changeIntent(intent, input.media),
    abilities,
    own: input.line ?? "",
    aware: false,
    serial: 1,
    negotiation: 0,
    wants: wantsNothing,
    unsentEnds: []
  },
  operation: 1,
  local: [],
  early: []
})
export const creatingWithEarly = (state: CreatingOffer, input: InputOf<"PeerTrickled">): CreatingOffer => ({
  ...state,
  early: [...state.early, input.candidate]
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
  return { _tag: "WaitingAnswer", call, offer: input.sdp, phase: { _tag: "Waiting", timer: call.serial, early: state.early } }
}
export const waitingWithEarly = (state: Waiting, input: InputOf<"PeerTrickled">): Waiting => ({
  ...state,
  call: learned(state.call, input),
  phase: { ...state.phase, early: [...state.phase.early, input.candidate] }
})
export const waitingLearned = (state: WaitingAnswer, input: FromPeer): WaitingAnswer => ({
  ...state,
  call: learned(state.call, input)
})
export const waitingWithTrickled = (state: WaitingAnswer, input: InputOf<"EngineTrickled">): WaitingAnswer => ({
  ...state,
  call: withUnsent(state.call, [input.candidate])
})
/** The first answer binds the call to the line that sent it. */
export const applying = (state: WaitingAnswer, input: InputOf<"PeerAnswered">): Applying => {
  const call = {
    ...numbered(learned(state.call, input)),
    abilities: commonAbilities(state.call.abilities, input.sdp),
    ...(input.line === undefined ? {} : { line: input.line })
  }
  return {
    ...state,
    call,
    phase: { _tag: "Applying", operation: call.serial, up: false, remoteUfrag: ufragOf(input.sdp), early: [] }
  }
}
export const applyingQueueing = (state: Applying, { negotiation = 0, sdp }: InputOf<"PeerOffered">): Applying => ({
  ...state,
  phase: { ...state.phase, queued: { negotiation, sdp } }
})
export const applyingWithEarly = (
  state: Applying,
  { candidate, negotiation = 0 }: InputOf<"PeerTrickled">
): Applying => ({
  ...state,
  phase: { ...state.phase, early: [...state.phase.early, { candidate, negotiation }] }
})
export const mediaUp = <S extends Applying | Answering>(state: S): S => ({
  ...state,
  phase: { ...state.phase, up: true }
})
export const mediaDown = <S extends Applying | Answering>(state: S): S => ({
  ...state,
  phase: { ...state.phase, up: false }
})

/** A callee's call, from its offer. */
const called = (
  { abilities, intent, own, serial }: Pick<Call, "abilities" | "intent" | "own" | "serial">,
  input: InputOf<"PeerOffered">
): Call => ({
  id: input.callId,
  role: "callee",
  intent,
  abilities: commonAbilities(input.abilities ?? abilities, input.sdp),
  own,
  ...(input.line === undefined ? {} : { line: input.line }),
  aware: input.aware,
  serial: serial + 1,
  negotiation: input.negotiation ?? 0,
  wants: wantsNothing,
  unsentEnds: [],
  remoteOrigin: originOf(input.sdp)
})
export const ringing = (state: Idle, input: InputOf<"PeerOffered">): Ringing => ({
  _tag: "IncomingOffer",
  call: called({ ...state, own: "", serial: 0 }, input),
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
/** Our call is given up for the peer's, which our user wants as much: it is answered at once. */
export const yielding = (state: CreatingOffer | WaitingAnswer, input: InputOf<"PeerOffered">): Answering => {
  const isUntold = state._tag === "WaitingAnswer" && !input.aware
  const call: Call = { ...called(state.call, input), ...(isUntold ? { untold: true } : {}) }
  return {
    _tag: "IncomingOffer",
    call,
    offer: input.sdp,
    offered: offeredMedia(input.sdp),
    phase: { _tag: "Answering", operation: call.serial, up: false, local: [] }
  }
}
export const answeringWithLocal = (state: Answering, input: InputOf<"EngineTrickled">): Answering => ({
  ...state,
  phase: { ...state.phase, local: [...state.phase.local, input.candidate] }
})

export const same = <S extends CallState>(state: S): S => state

type Reasoned = { readonly reason: EndReason }
const ending = (by: CallEnd["by"], reason: EndReason): Ending => ({ _tag: "Ending", by, reason })
export const over = (state: Ending): Ended => ({ ...state, _tag: "Ended" })
export const endingAsUserSaid = (_: unknown, { reason }: Reasoned) => ending("local", reason)
export const endingAsPeerSaid = (_: unknown, { reason }: Reasoned) => ending("remote", reason)
export const endedAsUserSaid = (_: unknown, { reason }: Reasoned) => over(ending("local", reason))
export const endedAsPeerSaid = (_: unknown, { reason }: Reasoned) => over(ending("remote", reason))
export const endedEarly = () => over(ending("remote", "normal"))
export const endingForgotten = () => ending("remote", "peer_restarted")
export const endedForgotten = () => over(endingForgotten())
export const endingGarbled = () => ending("local", "protocol_error")
export const endedGarbled = () => over(endingGarbled())
export const endingUnanswered = () => ending("local", "ring_timeout")
export const endedUnanswered = () => over(endingUnanswered())
export const endingUnconnected = () => ending("local", "connect_timeout")
export const endingUnrestored = () => ending("local", "ice_failed")
export const endingUnnegotiated = () => ending("local", "negotiation_timeout")
export const endingFailed = (_: unknown, { failure }: InputOf<"EngineRefused" | "EngineFailed" | "EngineLost">): Ending => ({
  ...ending("local", failure.reason === "IceFailed" ? "ice_failed" : "engine_error"),
  failure
})
