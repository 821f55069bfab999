/** The questions that the transition table asks. Their names stand in the diagram. */
import type { FromPeer, InputOf, OfRound } from "./CallInput.ts"
import type {
  AnsweringNegotiation,
  AnsweringPhase,
  ApplyingPhase,
  Call,
  Connected,
  ConnectingMedia,
  CreatingNegotiation,
  CreatingOffer,
  Idle,
  IncomingOffer,
  InterruptedMedia,
  OutNegotiation,
  RingingPhase,
  StableNegotiation,
  UpMedia,
  WaitingAnswer,
  WaitingPhase
} from "./CallState.ts"
import { goesBefore } from "./collision.ts"
import { changeIntent, needsNegotiation } from "./MediaIntent.ts"
import { originOf, ufragOf } from "./readSdp.ts"

/** How many remote candidates are kept while no engine can take them. */
export const maxEarlyCandidates = 64

export type Waiting = WaitingAnswer & { readonly phase: WaitingPhase }
export type Applying = WaitingAnswer & { readonly phase: ApplyingPhase }
export type Ringing = IncomingOffer & { readonly phase: RingingPhase }
export type Answering = IncomingOffer & { readonly phase: AnsweringPhase }
export type Connecting = Connected & { readonly media: ConnectingMedia }
export type Up = Connected & { readonly media: UpMedia }
export type Interrupted = Connected & { readonly media: InterruptedMedia }
export type InRound<N> = Connected & { readonly negotiation: N }

export const isWaiting = (s: WaitingAnswer): s is Waiting => s.phase._tag === "Waiting"
export const isApplying = (s: WaitingAnswer): s is Applying => s.phase._tag === "Applying"
export const isRinging = (s: IncomingOffer): s is Ringing => s.phase._tag === "Ringing"
export const isAnswering = (s: IncomingOffer): s is Answering => s.phase._tag === "Answering"
export const isConnecting = (s: Connected): s is Connecting => s.media._tag === "Connecting"
export const isUp = (s: Connected): s is Up => s.media._tag === "Up"
export const isInterrupted = (s: Connected): s is Interrupted => s.media._tag === "Interrupted"

export const isStable = (s: Connected): s is InRound<StableNegotiation> => s.negotiation._tag === "Stable"
export const isCreating = (s: Connected): s is InRound<CreatingNegotiation> => s.negotiation._tag === "Creating"
const isAnsweringRound = (s: Connected): s is InRound<AnsweringNegotiation> => s.negotiation._tag === "Answering"
export const isOut = (s: Connected): s is InRound<OutNegotiation> => s.negotiation._tag === "Out"

// Who sent it, and for which call.

type WithCall = { readonly call: Call }

/** The message names another call. */
export const isForOtherCall = (s: WithCall, i: FromPeer): boolean => i.callId !== undefined && i.callId !== s.call.id
/** The call is with one line of the peer's, or with one that has no name, and this message comes from another. */
export const isFromOtherLine = (s: WaitingAnswer | IncomingOffer | Connected, i: FromPeer): boolean =>
  !(s._tag === "WaitingAnswer" && isWaiting(s)) && i.line !== s.call.line
/** The caller tells all others that our answer was taken. */
export const isForOtherLines = (_: WithCall, i: InputOf<"PeerHungUp">): boolean => i.byUs === true
/** The line that the call is with is no more. */
export const isOtherDevice = (s: WithCall, i: InputOf<"PeerRestarted">): boolean => s.call.line !== i.line

/** The peer sent its offer once more. A caller took no offer, so that none is a repeat to it. */
export const isRepeatedOffer = (s: WithCall, i: InputOf<"PeerOffered">): boolean =>
  s.call.remoteOrigin === originOf(i.sdp)

// Both ends call at the same moment.

/** It is our own offer, which came back. Some stacks always write the same origin; credentials are random. */
export const isEcho = (s: WaitingAnswer, i: InputOf<"PeerOffered">): boolean =>
  (!i.aware || i.callId === s.call.id) && originOf(s.offer) === originOf(i.sdp) && ufragOf(s.offer) === ufragOf(i.sdp)
export const ourCallGoesBefore = (s: WaitingAnswer, i: InputOf<"PeerOffered">): boolean => goesBefore(s, i)

/** The callee, whose answer is being applied, offers in the call already. */
export const isFurtherOffer = (s: WaitingAnswer, i: InputOf<"PeerOffered">): s is Applying =>
  isApplying(s) && i.callId === s.call.id && parity(i.negotiation ?? 0) === 1 && (i.negotiation ?? 0) > (s.phase.queued?.negotiation ?? s.call.negotiation)
/** A candidate of a round that the callee has begun already. */
export const isFurtherCandidate = (s: WaitingAnswer, i: OfRound): s is Applying =>
  isApplying(s) && (i.negotiation ?? 0) > s.call.negotiation
export const furtherIsFull = (s: WaitingAnswer, i: OfRound): boolean =>
  isFurtherCandidate(s, i) && s.phase.early.length >= maxEarlyCandidates

// What came early.

export const earlyIsFull = (s: Idle): boolean => s.early.length >= maxEarlyCandidates
export const creatingEarlyIsFull = (s: CreatingOffer): boolean => s.early.length >= maxEarlyCandidates
export const waitingEarlyIsFull = (s: WaitingAnswer): boolean =>
  isWaiting(s) && s.phase.early.length >= maxEarlyCandidates
export const ringingEarlyIsFull = (s: IncomingOffer): boolean =>
  isRinging(s) && s.phase.early.length >= maxEarlyCandidates
/** The peer hung up this call before its offer came. */
export const wasHungUp = (s: Idle, i: InputOf<"PeerOffered">): boolean => s.hungUp.includes(i.callId)
export const namesNoCall = (_: Idle, i: FromPeer): boolean => i.callId === undefined
/** It may belong to an offer of the peer's that is late. */
export const namesACall = (_: CreatingOffer, i: FromPeer): boolean => i.callId !== undefined

// What media the user wants.

export const needsNewRound = (s: WithCall, i: InputOf<"UserChangedMedia">): boolean =>
  needsNegotiation(s.call.intent, changeIntent(s.call.intent, i.media))
/** The change would need a new round of offer and answer, for which the engine is not made. */
export const needsWhatEngineLacks = (s: WithCall, i: InputOf<"UserChangedMedia">): boolean =>
  !s.call.abilities.renegotiates && needsNewRound(s, i)
/** The change would need a new round, which a peer without delivery fields does not take part in. */
export const needsWhatPeerLacks = (s: WithCall, i: InputOf<"UserChangedMedia">): boolean =>
  !s.call.aware && needsNewRound(s, i)
export const cannotRenegotiate = ({ call }: WithCall): boolean => !(call.abilities.renegotiates && call.aware)
export const cannotRestartIce = (s: WithCall): boolean => cannotRenegotiate(s) || !s.call.abilities.restartsIce

// Rounds.

/** The message names another round than the call's first. */
export const isOfOtherRound = (s: WithCall, i: OfRound): boolean =>
  i.negotiation !== undefined && i.negotiation !== s.call.negotiation
export const namesNoRound = (_: Connected, i: OfRound): boolean => i.negotiation === undefined
/** This offer has been here, or a later one has. */
export const isPastOffer = (s: Connected, i: OfRound): boolean =>
  (i.negotiation ?? 0) <= Math.max(s.remote.offered, s.remote.described)
/** Only our own offers have such a number. */
export const isOurNumber = (s: Connected, i: OfRound): boolean => parity(i.negotiation ?? 0) === parityOf(s.call.role)
/** Of a call that is connected elsewhere, or was. */
export const isLaterRound = (_: unknown, i: OfRound): boolean => (i.negotiation ?? 0) > 0
/** An offer without a number is known by what is in it; one with a number may well be as the one before. */
export const isRepeatedPlainly = (s: Connected, i: InputOf<"PeerOffered">): boolean =>
  i.negotiation === undefined && isRepeatedOffer(s, i)
/** Two offers have crossed, and the caller's goes on: the callee takes its own back. */
export const ourOfferGoesBefore = (s: Connected): boolean => isOut(s) && s.call.role === "caller"
/** Our offer waits for this answer. */
export const answersOurs = (s: Connected, i: OfRound): s is InRound<OutNegotiation> =>
  isOut(s) && i.negotiation === s.negotiation.number

const parity = (number: number): number => number % 2
const parityOf = (role: Call["role"]): number => (role === "caller" ? 0 : 1)
/**
 * The candidate belongs to ICE credentials that are no more, or to an offer of the peer's that was withdrawn. One
 * without a number is taken to belong to what is now.
 */
export const isStaleCandidate = (s: Connected, { negotiation: n }: OfRound): boolean => {
  if (n === undefined || n === s.remote.negotiation) return false
  if (n <= s.remote.described) return true
  const isOfOffer = parity(n) !== parityOf(s.call.role)
  return isOfOffer && n <= s.remote.offered && n !== s.queued?.negotiation
}
/** Its description is not with the engine yet. */
export const isEarlyCandidate = (s: Connected, { negotiation: n }: OfRound): boolean =>
  n !== undefined && n > s.remote.described
export const earlyRoundsAreFull = (s: Connected, i: OfRound): boolean =>
  isEarlyCandidate(s, i) && s.early.length >= maxEarlyCandidates

/** A candidate for the credentials that hold now. An engine that does not tell has no others. */
export const isOfLocalIce = (s: Connected, i: InputOf<"EngineTrickled">): boolean =>
  i.ufrag === "" || i.ufrag === s.local.ufrag
export const isDescribing = (s: Connected): s is InRound<CreatingNegotiation | AnsweringNegotiation> =>
  isCreating(s) || isAnsweringRound(s)

// Results and timers name what they answer.

interface Result {
  readonly operation: number
}
export const isLateOffer = (s: CreatingOffer, i: Result): boolean => s.operation !== i.operation
export const isLateResult = (s: WaitingAnswer | IncomingOffer, i: Result): boolean =>
  !("operation" in s.phase) || s.phase.operation !== i.operation
export const isApplied = (s: WaitingAnswer, i: Result): s is Applying => isApplying(s) && s.phase.operation === i.operation
/** Media came up before the answer was applied, or made. */
export const isAppliedUp = (s: WaitingAnswer, i: Result): s is Applying => isApplied(s, i) && s.phase.up
export const isAnswered = (s: IncomingOffer, i: Result): s is Answering =>
  isAnswering(s) && s.phase.operation === i.operation
export const isAnsweredUp = (s: IncomingOffer, i: Result): s is Answering => isAnswered(s, i) && s.phase.up
export const isLateRefusal = (s: Connected, i: Result): boolean =>
  !("operation" in s.negotiation) || s.negotiation.operation !== i.operation
export const isOffered = (s: Connected, i: Result): s is InRound<CreatingNegotiation> =>
  isCreating(s) && s.negotiation.operation === i.operation
/** While our offer was made the caller's came, and ours is not sent. */
export const callerWasFaster = (s: Connected, i: Result): s is InRound<CreatingNegotiation> =>
  isOffered(s, i) && s.call.role === "callee" && s.queued !== undefined
export const isRoundAnswered = (s: Connected, i: Result): s is InRound<AnsweringNegotiation> =>
  isAnsweringRound(s) && s.negotiation.operation === i.operation
export const isRoundApplied = (s: Connected, i: Result): boolean =>
  s.negotiation._tag === "Applying" && s.negotiation.operation === i.operation
export const isRolledBack = (s: Connected, i: Result): boolean =>
  s.negotiation._tag === "RollingBack" && s.negotiation.operation === i.operation
/** The engine made no offer, and is as it was: the call can go on without that round. Asked when the refusal is not late. */
export const canGoOn = (s: Connected, i: InputOf<"EngineRefused">): s is InRound<CreatingNegotiation> =>
  isCreating(s) && i.failure.reason !== "Timeout"

// ICE.

const restartIsOut = ({ negotiation }: Connected): boolean => "brings" in negotiation && negotiation.brings.restart
/** A restart is on its way already. */
export const isRestarting = (s: Connected): boolean => restartIsOut(s) || s.call.wants.restart
export const isCaller = ({ call }: WithCall): boolean => call.role === "caller"
export const isCallerUp = (s: Connected): s is Up => isCaller(s) && isUp(s)
export const isCallerInterrupted = (s: Connected): s is Interrupted => isCaller(s) && isInterrupted(s)
export const isInterruptedWithoutGrace = (s: Connected): s is Interrupted =>
  isInterrupted(s) && s.media.grace === undefined

type Fire = InputOf<"TimerFired">
export const rangOut = (s: WaitingAnswer | IncomingOffer, i: Fire): boolean =>
  i.timer === "ring" && "timer" in s.phase && s.phase.timer === i.token
export const connectRanOut = (s: Connected, i: Fire): boolean =>
  i.timer === "connect" && s.media._tag === "Connecting" && s.media.timer === i.token
export const reconnectRanOut = (s: Connected, i: Fire): boolean =>
  i.timer === "reconnect" && s.media._tag === "Interrupted" && s.media.timer === i.token
export const graceRanOut = (s: Connected, i: Fire): s is Interrupted =>
  i.timer === graceOf(s) && isInterrupted(s) && s.media.grace === i.token
export const retryIsDue = (s: Connected, i: Fire): boolean =>
  i.timer === "retry" && isStable(s) && s.negotiation.retry === i.token
export const negotiationRanOut = (s: Connected, i: Fire): boolean =>
  i.timer === "negotiation" && isOut(s) && s.negotiation.timer === i.token

/** A caller restarts ICE first, so that two ends do not always do it at the same moment. */
export const graceOf = ({ call }: WithCall): "callerGrace" | "calleeGrace" =>
  call.role === "caller" ? "callerGrace" : "calleeGrace"
