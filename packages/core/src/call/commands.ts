/** What the transition table asks of the world. Their names stand in the diagram. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { CallCommand } from "./CallCommand.ts"
import type { CallEvent } from "./CallEvent.ts"
import type { InputOf, TimerName } from "./CallInput.ts"
import type {
  AnsweringNegotiation,
  Call,
  Connected,
  CreatingNegotiation,
  CreatingOffer,
  Ended,
  Ending,
  IncomingOffer,
  RoundCandidate,
  WaitingAnswer
} from "./CallState.ts"
import { type Answering, type Applying, graceOf, type InRound, isOut, type Ringing, type Waiting } from "./guards.ts"
import { markAnswer, markOffer } from "./marks.ts"

type WithCall = { readonly call: Call }

// A state that asks for an operation has just given it the call's next number.
export const openPeer = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "OpenPeer",
  operation: next.call.serial,
  intent: next.call.intent
})
export const reopenPeer = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "ReopenPeer",
  operation: next.call.serial,
  intent: next.call.intent
})
export const closePeer = (): CallCommand => ({ _tag: "ClosePeer" })
export const createOffer = (_: unknown, __: unknown, next: CreatingOffer): CallCommand => ({
  _tag: "CreateOffer",
  operation: next.operation,
  iceRestart: false
})
export const createAnswer = (_: unknown, __: unknown, next: IncomingOffer): CallCommand => ({
  _tag: "CreateAnswer",
  operation: next.call.serial,
  offer: next.offer
})
export const applyAnswer = (_: unknown, input: InputOf<"PeerAnswered">, next: WithCall): CallCommand => ({
  _tag: "ApplyAnswer",
  operation: next.call.serial,
  answer: input.sdp
})
export const rollBack = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "RollBack",
  operation: next.call.serial
})
/** Begins the round that has just become due, if one has. */
export const beginRound = (state: WithCall, _: unknown, { negotiation }: Connected): CallCommand | undefined => {
  if (!("operation" in negotiation) || negotiation.operation <= state.call.serial) return undefined
  const { operation } = negotiation
  switch (negotiation._tag) {
    case "Creating":
      return { _tag: "CreateOffer", operation, iceRestart: negotiation.brings.restart }
    case "Answering":
      return { _tag: "CreateAnswer", operation, offer: negotiation.offer.sdp }
    case "Applying":
    case "RollingBack":
      return undefined
  }
}
export const applyIntent = (_: unknown, __: unknown, next: WithCall): CallCommand => ({
  _tag: "ApplyIntent",
  intent: next.call.intent
})

const add = (candidates: ReadonlyArray<IceCandidate>): CallCommand | undefined =>
  candidates.length === 0 ? undefined : { _tag: "AddCandidates", candidates }
export const addCandidate = (_: unknown, input: InputOf<"PeerTrickled">) => add([input.candidate])
export const addEarlyCandidates = (state: Ringing) => add(state.phase.early)
export const addWaitedCandidates = (state: Waiting) => add(state.phase.early)
/** Those that name no call belong to the offer that goes on. */
export const addYieldedCandidates = (state: CreatingOffer | Waiting, { aware }: InputOf<"PeerOffered">) =>
  aware ? undefined : add(state._tag === "CreatingOffer" ? state.early : state.phase.early)
const ofRound = (early: ReadonlyArray<RoundCandidate>, round: number) =>
  add(early.flatMap(({ candidate, negotiation }) => (negotiation === round ? [candidate] : [])))
/** What came before the description that the engine has just been given. */
export const addEarlyOfRound = (state: Connected, _: unknown, { remote: { described } }: Connected) =>
  ofRound(state.early, described)
/** The same for a round that the callee began while its answer was applied. */
export const addEarlyOfFirst = ({ phase }: Applying, _: unknown, { remote }: Connected) =>
  ofRound(phase.early, remote.described)

export const sendOffer = (_: unknown, { sdp }: InputOf<"EngineOffered">, { call }: WithCall): CallCommand => ({
  _tag: "SendOffer",
  callId: call.id,
  negotiation: call.negotiation,
  sdp: markOffer(sdp, call.abilities)
})
export const sendAnswer = (_: unknown, { sdp }: InputOf<"EngineAnswered">, { call }: WithCall): CallCommand => ({
  _tag: "SendAnswer",
  callId: call.id,
  negotiation: call.negotiation,
  sdp: markAnswer(sdp, call.abilities)
})
export const sendRoundAnswer = (
  { call, negotiation }: InRound<AnsweringNegotiation>,
  { sdp }: InputOf<"EngineAnswered">
): CallCommand => ({ _tag: "SendAnswer", callId: call.id, negotiation: negotiation.offer.negotiation, sdp })

/** An end-of-candidates goes only to a peer that is known to understand it (the Rust crate refuses it). */
export const isSendable = (call: Call, candidate: IceCandidate): boolean => candidate.candidate !== "" || call.aware

const send = (call: Call, negotiation: number, candidates: ReadonlyArray<IceCandidate>): CallCommand | undefined => {
  const sendable = candidates.filter((candidate) => isSendable(call, candidate))
  return sendable.length === 0 ? undefined : { _tag: "SendCandidates", callId: call.id, negotiation, candidates: sendable }
}
const firstNegotiation = (next: WaitingAnswer | Connected): number =>
  next._tag === "Connected" ? next.local.negotiation : next.call.negotiation
export const sendCandidate = (_: unknown, input: InputOf<"EngineTrickled">, next: WaitingAnswer | Connected) =>
  send(next.call, firstNegotiation(next), [input.candidate])
export const sendHeldCandidates = (
  state: CreatingOffer | Answering,
  _: unknown,
  next: WaitingAnswer | Connected
) => send(next.call, firstNegotiation(next), state._tag === "CreatingOffer" ? state.local : state.phase.local)
export const sendUnsentEnds = (state: WaitingAnswer, _: unknown, next: Connected) =>
  send(next.call, next.local.negotiation, state.call.unsentEnds)
/** What was found while the description was made, and belongs to it. */
export const sendFoundCandidates = (
  { negotiation }: InRound<CreatingNegotiation | AnsweringNegotiation>,
  _: unknown,
  { call, local }: Connected
) =>
  send(
    call,
    local.negotiation,
    negotiation.found.flatMap(({ candidate, ufrag }) => (ufrag === local.ufrag ? [candidate] : []))
  )

export const sendHangup = ({ call }: WithCall, __: unknown, next: Ending | Ended): CallCommand => ({
  _tag: "SendHangup",
  callId: call.id,
  reason: next.reason
})
/** One of the peer's devices has ended the call before any has answered: the others ring no more. */
export const tellOtherLines = (
  { call }: WithCall,
  { line }: InputOf<"PeerHungUp">,
  { reason }: Ending
): CallCommand | undefined =>
  line === undefined ? undefined : { _tag: "SendHangup", callId: call.id, reason }
/** The peer would ring now for the offer that we gave up for its call, which it has just ended. */
export const tellUntold = ({ call }: WithCall): CallCommand | undefined =>
  call.untold === true ? { _tag: "SendHangup", callId: call.id, reason: "withdrawn" } : undefined
/** The device that has started anew may ring for our call again, as any that hears of it: that call is over. */
export const tellNewLine = ({ call }: WithCall, _: unknown, { reason }: Ending): CallCommand | undefined =>
  call.role === "caller" ? { _tag: "SendHangup", callId: call.id, reason } : undefined
/** The first answer is taken: the peer's other devices ring no more. */
export const sendAnsweredElsewhere = (
  { call }: WithCall,
  { line }: InputOf<"PeerAnswered">
): CallCommand | undefined =>
  line === undefined
    ? undefined
    : { _tag: "SendHangup", callId: call.id, reason: "answered_elsewhere", answeredBy: line }
/** Our call is given up for the peer's. One that names no calls, or by the same name, would take this for its own end. */
export const sendWithdrawal = ({ call }: WithCall, { aware, callId }: InputOf<"PeerOffered">): CallCommand | undefined =>
  aware && callId !== call.id ? { _tag: "SendHangup", callId: call.id, reason: "withdrawn" } : undefined

const startTimer = (timer: TimerName, token: number): CallCommand => ({ _tag: "StartTimer", timer, token })
const stopTimer = (timer: TimerName): CallCommand => ({ _tag: "StopTimer", timer })
export const startRingTimer = (_: unknown, __: unknown, next: WithCall) => startTimer("ring", next.call.serial)
export const stopRingTimer = (state: WaitingAnswer | IncomingOffer): CallCommand | undefined =>
  "timer" in state.phase ? stopTimer("ring") : undefined
/** Starts the timer of media that have just begun to connect, or have just been interrupted. */
export const startMediaTimer = (_: unknown, __: unknown, { media }: Connected): CallCommand | undefined => {
  switch (media._tag) {
    case "Connecting":
      return startTimer("connect", media.timer)
    case "Interrupted":
      return startTimer("reconnect", media.timer)
    case "Up":
      return undefined
  }
}
export const stopMediaTimer = ({ media }: Connected): CallCommand | undefined => {
  switch (media._tag) {
    case "Connecting":
      return stopTimer("connect")
    case "Interrupted":
      return stopTimer("reconnect")
    case "Up":
      return undefined
  }
}
const graceIn = ({ media }: Connected): number | undefined => (media._tag === "Interrupted" ? media.grace : undefined)
export const startGraceTimer = (_: unknown, __: unknown, next: Connected): CallCommand | undefined => {
  const token = graceIn(next)
  return token === undefined ? undefined : startTimer(graceOf(next), token)
}
/** ICE is left to itself no more. */
export const stopGraceTimer = (state: Connected, _: unknown, next: Connected | Ending): CallCommand | undefined =>
  graceIn(state) === undefined || (next._tag === "Connected" && graceIn(next) !== undefined)
    ? undefined
    : stopTimer(graceOf(state))
export const startNegotiationTimer = (_: unknown, __: unknown, { negotiation }: Connected): CallCommand | undefined =>
  negotiation._tag === "Out" ? startTimer("negotiation", negotiation.timer) : undefined
export const stopNegotiationTimer = (state: Connected): CallCommand | undefined =>
  isOut(state) ? stopTimer("negotiation") : undefined

const retryIn = ({ negotiation }: Connected): number | undefined =>
  negotiation._tag === "Stable" ? negotiation.retry : undefined
export const startRetryTimer = (_: unknown, __: unknown, next: Connected): CallCommand | undefined => {
  const token = retryIn(next)
  return token === undefined ? undefined : startTimer("retry", token)
}
/** It need not be tried again, or is being tried. */
export const stopRetryTimer = (state: Connected): CallCommand | undefined =>
  retryIn(state) === undefined ? undefined : stopTimer("retry")

const emit = (event: CallEvent): CallCommand => ({ _tag: "Emit", event })
export const emitEstablished = () => emit({ _tag: "ConnectionEstablished" })
export const emitInterrupted = () => emit({ _tag: "ConnectionInterrupted" })
export const emitRestored = () => emit({ _tag: "ConnectionRestored" })
export const emitNegotiationFailed = (_: unknown, { failure }: InputOf<"EngineRefused">) =>
  emit({ _tag: "NegotiationFailed", failure })
export const emitClosed = (_: unknown, __: unknown, next: Ended): CallCommand => {
  const { _tag, ...end } = next
  return emit({ _tag: "ConnectionClosed", ...end })
}
