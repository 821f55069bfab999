/** What the transition table asks of the world. Their names stand in the diagram. */
import type { CallCommand } from "./CallCommand.ts"
import type { CallEvent } from "./CallEvent.ts"
import type { InputOf, TimerName } from "./CallInput.ts"
import type { Call, Connected, CreatingOffer, Ended, Ending, IncomingOffer, WaitingAnswer } from "./CallState.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { Ringing } from "./guards.ts"

type WithCall = { readonly call: Call }

// A state that asks for an operation, or starts a timer, has just given it the call's next number.
export const openPeer = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "OpenPeer",
  operation: next.call.serial,
  intent: next.call.intent
})
export const closePeer = (): CallCommand => ({ _tag: "ClosePeer" })
export const createOffer = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "CreateOffer",
  operation: next.call.serial
})
export const createAnswer = (state: IncomingOffer, _: unknown, next: WithCall): CallCommand => ({
  _tag: "CreateAnswer",
  operation: next.call.serial,
  offer: state.offer
})
export const applyAnswer = (_: unknown, input: InputOf<"PeerAnswered">, next: WithCall): CallCommand => ({
  _tag: "ApplyAnswer",
  operation: next.call.serial,
  answer: input.sdp
})
export const applyIntent = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "ApplyIntent",
  intent: next.call.intent
})
export const addCandidate = (_: unknown, input: InputOf<"PeerTrickled">): CallCommand => ({
  _tag: "AddCandidates",
  candidates: [input.candidate]
})
export const addEarlyCandidates = (state: Ringing): CallCommand | undefined =>
  state.phase.early.length === 0 ? undefined : { _tag: "AddCandidates", candidates: state.phase.early }

export const sendOffer = (_: unknown, input: InputOf<"EngineOffered">): CallCommand => ({
  _tag: "SendOffer",
  sdp: input.sdp
})
export const sendAnswer = (_: unknown, input: InputOf<"EngineAnswered">): CallCommand => ({
  _tag: "SendAnswer",
  sdp: input.sdp
})

/** An end-of-candidates goes only to a peer that is known to understand it (the Rust crate refuses it). */
export const isSendable = (call: Call, candidate: IceCandidate): boolean => candidate.candidate !== "" || call.aware

const send = (call: Call, candidates: ReadonlyArray<IceCandidate>): CallCommand | undefined => {
  const sendable = candidates.filter((candidate) => isSendable(call, candidate))
  return sendable.length === 0 ? undefined : { _tag: "SendCandidates", candidates: sendable }
}
export const sendCandidate = (_: unknown, input: InputOf<"EngineTrickled">, next: WithCall) =>
  send(next.call, [input.candidate])
const heldBy = (state: CreatingOffer | IncomingOffer): ReadonlyArray<IceCandidate> => {
  if (state._tag === "CreatingOffer") return state.local
  return state.phase._tag === "Answering" ? state.phase.local : []
}
export const sendHeldCandidates = (state: CreatingOffer | IncomingOffer, _: unknown, next: WithCall) =>
  send(next.call, heldBy(state))
export const sendUnsentEnds = (state: WaitingAnswer, _: unknown, next: WithCall) =>
  send(next.call, state.call.unsentEnds)

export const sendHangup = (_: unknown, __: unknown, next: Ending | Ended): CallCommand => ({
  _tag: "SendHangup",
  reason: next.reason
})

const startTimer = (timer: TimerName, { call }: WithCall): CallCommand => ({
  _tag: "StartTimer",
  timer,
  token: call.serial
})
export const startRingTimer = (_: unknown, __: unknown, next: WithCall) => startTimer("ring", next)
export const startConnectTimer = (_: unknown, __: unknown, next: WithCall) => startTimer("connect", next)
export const startReconnectTimer = (_: unknown, __: unknown, next: WithCall) => startTimer("reconnect", next)
export const stopRingTimer = (state: WaitingAnswer | IncomingOffer): CallCommand | undefined =>
  "timer" in state.phase ? { _tag: "StopTimer", timer: "ring" } : undefined
/** Stops the timer of the media that is now connecting or interrupted. */
export const stopMediaTimer = (state: Connected): CallCommand | undefined => {
  switch (state.media._tag) {
    case "Connecting":
      return { _tag: "StopTimer", timer: "connect" }
    case "Interrupted":
      return { _tag: "StopTimer", timer: "reconnect" }
    case "Up":
      return undefined
  }
}

const emit = (event: CallEvent): CallCommand => ({ _tag: "Emit", event })
export const emitEstablished = () => emit({ _tag: "ConnectionEstablished" })
export const emitInterrupted = () => emit({ _tag: "ConnectionInterrupted" })
export const emitRestored = () => emit({ _tag: "ConnectionRestored" })
export const emitClosed = (_: unknown, __: unknown, next: Ended): CallCommand => {
  const { _tag, ...end } = next
  return emit({ _tag: "ConnectionClosed", ...end })
}
