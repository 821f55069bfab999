/** The questions that the transition table asks. Their names stand in the diagram. */
import type { FromPeer, InputOf } from "./CallInput.ts"
import type {
  AnsweringPhase,
  ApplyingPhase,
  Call,
  Connected,
  ConnectingMedia,
  CreatingOffer,
  Idle,
  IncomingOffer,
  InterruptedMedia,
  RingingPhase,
  UpMedia,
  WaitingAnswer,
  WaitingPhase
} from "./CallState.ts"
import { changeIntent, needsNegotiation } from "./MediaIntent.ts"
import { originOf } from "./originOf.ts"

/** How many remote candidates are kept while no engine can take them. */
export const maxEarlyCandidates = 64

export type Waiting = WaitingAnswer & { readonly phase: WaitingPhase }
export type Applying = WaitingAnswer & { readonly phase: ApplyingPhase }
export type Ringing = IncomingOffer & { readonly phase: RingingPhase }
export type Answering = IncomingOffer & { readonly phase: AnsweringPhase }
export type Connecting = Connected & { readonly media: ConnectingMedia }
export type Up = Connected & { readonly media: UpMedia }
export type Interrupted = Connected & { readonly media: InterruptedMedia }

export const isWaiting = (s: WaitingAnswer): s is Waiting => s.phase._tag === "Waiting"
export const isApplying = (s: WaitingAnswer): s is Applying => s.phase._tag === "Applying"
export const isRinging = (s: IncomingOffer): s is Ringing => s.phase._tag === "Ringing"
export const isAnswering = (s: IncomingOffer): s is Answering => s.phase._tag === "Answering"
export const isConnecting = (s: Connected): s is Connecting => s.media._tag === "Connecting"
export const isUp = (s: Connected): s is Up => s.media._tag === "Up"
export const isInterrupted = (s: Connected): s is Interrupted => s.media._tag === "Interrupted"

/** The message names another call. */
export const isForOtherCall = (s: { readonly call: Call }, i: FromPeer): boolean =>
  i.callId !== undefined && i.callId !== s.call.id

/** The peer sent its offer once more. A caller took no offer, so that none is a repeat to it. */
export const isRepeatedOffer = (s: { readonly call: Call }, i: InputOf<"PeerOffered">): boolean =>
  s.call.remoteOrigin === originOf(i.sdp)

export const earlyIsFull = (s: Idle): boolean => s.early.length >= maxEarlyCandidates
export const ringingEarlyIsFull = (s: IncomingOffer): boolean =>
  isRinging(s) && s.phase.early.length >= maxEarlyCandidates

/** The change would need a new round of offer and answer. */
export const needsNewRound = (s: { readonly call: Call }, i: InputOf<"UserChangedMedia">): boolean =>
  needsNegotiation(s.call.intent, changeIntent(s.call.intent, i.media))

interface Result {
  readonly operation: number
}
export const isLateOffer = (s: CreatingOffer, i: Result): boolean => s.operation !== i.operation
export const isLateResult = (s: WaitingAnswer | IncomingOffer, i: Result): boolean =>
  !("operation" in s.phase) || s.phase.operation !== i.operation

export const mediaIsUp = (s: WaitingAnswer | IncomingOffer): boolean => "up" in s.phase && s.phase.up

type Fire = InputOf<"TimerFired">
export const rangOut = (s: WaitingAnswer | IncomingOffer, i: Fire): boolean =>
  i.timer === "ring" && "timer" in s.phase && s.phase.timer === i.token
export const connectRanOut = (s: Connected, i: Fire): boolean =>
  i.timer === "connect" && s.media._tag === "Connecting" && s.media.timer === i.token
export const reconnectRanOut = (s: Connected, i: Fire): boolean =>
  i.timer === "reconnect" && s.media._tag === "Interrupted" && s.media.timer === i.token
