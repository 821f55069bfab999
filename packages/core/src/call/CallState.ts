/** Every state that a call can be in. A field exists only in the states where it means something. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { OfferedMedia } from "../signaling/sessionDescription.ts"
import type { CallEnd } from "./EndReason.ts"
import type { MediaIntent } from "./MediaIntent.ts"

/** What holds for one call from its first state to its last. */
export interface Call {
  readonly id: string
  readonly role: "caller" | "callee"
  readonly intent: MediaIntent
  /** Has the peer shown delivery fields? */
  readonly aware: boolean
  /** The last number given to an engine operation or a timer; results and fires name theirs, and late ones are known by it. */
  readonly serial: number
  /** Local ends-of-candidates that wait until the peer is known to understand them. */
  readonly unsentEnds: ReadonlyArray<IceCandidate>
  /** A callee's mark of the offer that it took: session id and version (RFC 8866 section 5.2). A repeat has the same. */
  readonly remoteOrigin?: string
}

/** No call yet. */
export interface Idle {
  readonly _tag: "Idle"
  readonly intent: MediaIntent
  /** Remote candidates that came before their offer. */
  readonly early: ReadonlyArray<EarlyCandidate>
}

/** A candidate that came before its offer, and the call that it names, if it names one. */
export interface EarlyCandidate {
  readonly callId?: string
  readonly candidate: IceCandidate
}

/** The engine is making our offer. */
export interface CreatingOffer {
  readonly _tag: "CreatingOffer"
  readonly call: Call
  readonly operation: number
  /** Local candidates that came before their offer was sent. */
  readonly local: ReadonlyArray<IceCandidate>
}

/** Our offer is out; the callee rings. */
export interface WaitingAnswer {
  readonly _tag: "WaitingAnswer"
  readonly call: Call
  readonly offer: string
  readonly phase: WaitingPhase | ApplyingPhase
}
/** No answer yet. */
export interface WaitingPhase {
  readonly _tag: "Waiting"
  readonly timer: number
}
/** The engine is applying the answer. */
export interface ApplyingPhase {
  readonly _tag: "Applying"
  readonly operation: number
  /** Media came up before the engine said that the answer is applied. */
  readonly up: boolean
}

/** The peer's offer is here. */
export interface IncomingOffer {
  readonly _tag: "IncomingOffer"
  readonly call: Call
  readonly offer: string
  /** What media the offer has sections for: an audio call is known by it before anybody accepts. */
  readonly offered: OfferedMedia
  readonly phase: RingingPhase | AnsweringPhase
}
/** The user has not decided; no engine is open. */
export interface RingingPhase {
  readonly _tag: "Ringing"
  readonly timer: number
  /** Remote candidates that wait for the engine. */
  readonly early: ReadonlyArray<IceCandidate>
}
/** The engine is making our answer. */
export interface AnsweringPhase {
  readonly _tag: "Answering"
  readonly operation: number
  readonly up: boolean
  /** Local candidates that came before their answer was sent. */
  readonly local: ReadonlyArray<IceCandidate>
}

/** Negotiated: both ends share media parameters. */
export interface Connected {
  readonly _tag: "Connected"
  readonly call: Call
  readonly media: ConnectingMedia | UpMedia | InterruptedMedia
}
/** ICE and DTLS are on their way. */
export interface ConnectingMedia {
  readonly _tag: "Connecting"
  readonly timer: number
}
/** Media flows: ICE and DTLS are connected. */
export interface UpMedia {
  readonly _tag: "Up"
}
/** Media flowed, and does not now. */
export interface InterruptedMedia {
  readonly _tag: "Interrupted"
  readonly timer: number
}

/** The call is over for its user; the engine is closing. */
export interface Ending extends CallEnd {
  readonly _tag: "Ending"
}

/** Over. */
export interface Ended extends CallEnd {
  readonly _tag: "Ended"
}

/** The seven states of a call. */
export type CallState = Idle | CreatingOffer | WaitingAnswer | IncomingOffer | Connected | Ending | Ended

/** The name of a state. */
export type StateTag = CallState["_tag"]
/** A state by its name: `StateOf<"Connected">`. */
export type StateOf<T extends StateTag> = Extract<CallState, { readonly _tag: T }>
