/** Every state that a call can be in. A field exists only in the states where it means something. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { OfferedMedia } from "../signaling/sessionDescription.ts"
import type { CallEnd } from "./EndReason.ts"
import type { MediaIntent } from "./MediaIntent.ts"

/**
 * What the call's engine can do, where the machine must know it: its `Capabilities` in the machine's terms, and, once the
 * peer's first description is there, what both engines can do.
 */
export interface Abilities {
  /** Offers and answers again in a call, and takes back an offer of its own. */
  readonly renegotiates: boolean
  /** Restarts ICE in a call. */
  readonly restartsIce: boolean
}

/** What the next round of offer and answer is wanted for. */
export interface Wants {
  /** Media have changed, or the engine has asked. */
  readonly round: boolean
  /** New ICE credentials (RFC 8445 section 9). */
  readonly restart: boolean
}

/** What holds for one call from its first state to its last. */
export interface Call {
  readonly id: string
  readonly role: "caller" | "callee"
  readonly intent: MediaIntent
  readonly abilities: Abilities
  /** Our own line; empty in a session that stands alone. Decides collisions, with the call's id. */
  readonly own: string
  /** The line that the call is with, once that is known: a callee's from the offer, a caller's from the answer. */
  readonly line?: string
  /** Has the peer shown delivery fields? */
  readonly aware: boolean
  /** The last number given to an engine operation or a timer; results and fires name theirs, and late ones are known by it. */
  readonly serial: number
  /** The highest number of a round that either end has sent. The caller's are even, the callee's odd. */
  readonly negotiation: number
  readonly wants: Wants
  /** Local ends-of-candidates that wait until the peer is known to understand them. */
  readonly unsentEnds: ReadonlyArray<IceCandidate>
  /** A callee's mark of the offer that it took: session id and version (RFC 8866 section 5.2). A repeat has the same. */
  readonly remoteOrigin?: string
  /** An offer of ours was given up for this call, and the peer, which names no calls, could not be told so. */
  readonly untold?: true
}

/** No call yet. */
export interface Idle {
  readonly _tag: "Idle"
  readonly intent: MediaIntent
  readonly abilities: Abilities
  /** Remote candidates that came before their offer. */
  readonly early: ReadonlyArray<EarlyCandidate>
  /** Calls that were hung up before their offer came. */
  readonly hungUp: ReadonlyArray<string>
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
  /** Remote candidates that name no call: the peer may be calling too, and its offer be late. */
  readonly early: ReadonlyArray<IceCandidate>
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
  /** Remote candidates that came before their answer, or before an offer that goes on instead of ours. */
  readonly early: ReadonlyArray<IceCandidate>
}
/** The engine is applying the answer. */
export interface ApplyingPhase {
  readonly _tag: "Applying"
  readonly operation: number
  /** Media came up before the engine said that the answer is applied. */
  readonly up: boolean
  readonly remoteUfrag: string
  /** The callee's first offer in the call, which its answer has just begun, and the candidates of that round. */
  readonly queued?: PeerOffer
  readonly early: ReadonlyArray<RoundCandidate>
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
  readonly negotiation: Negotiation
  readonly local: IceGeneration
  readonly remote: IceGeneration & {
    /** The round of the last remote description that the engine was given. */
    readonly described: number
    /** The highest number of an offer that the peer has sent; -1 before its first. */
    readonly offered: number
  }
  /** An offer of the peer's that waits for its turn. At most one is out at a time. */
  readonly queued?: PeerOffer
  /** Remote candidates that came before their description. */
  readonly early: ReadonlyArray<RoundCandidate>
}

/** ICE credentials, and the round that brought them in. */
export interface IceGeneration {
  /** RFC 8839 section 5.4. */
  readonly ufrag: string
  readonly negotiation: number
}
/** A candidate, and the round whose ICE credentials it belongs to. */
export interface RoundCandidate {
  readonly negotiation: number
  readonly candidate: IceCandidate
}
/** A local candidate, and the ICE credentials that it belongs to. */
export interface LocalCandidate {
  readonly ufrag: string
  readonly candidate: IceCandidate
}
/** An offer of the peer's in a call that is connected. */
export interface PeerOffer {
  readonly sdp: string
  readonly negotiation: number
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
  /** How long it may stay so. */
  readonly timer: number
  /** How long it may take to come back by itself, before ICE is restarted. */
  readonly grace?: number
}

/** Where a round of offer and answer is, in a call that is connected. */
export type Negotiation =
  | StableNegotiation
  | CreatingNegotiation
  | OutNegotiation
  | ApplyingNegotiation
  | RollingBackNegotiation
  | AnsweringNegotiation
/** No round is under way. */
export interface StableNegotiation {
  readonly _tag: "Stable"
  /** When an offer that the engine could not make is tried again. */
  readonly retry?: number
}
/** The engine is making our offer. */
export interface CreatingNegotiation {
  readonly _tag: "Creating"
  readonly operation: number
  readonly brings: Wants
  /** Local candidates that came before their offer was sent. */
  readonly found: ReadonlyArray<LocalCandidate>
}
/** Our offer is out. */
export interface OutNegotiation {
  readonly _tag: "Out"
  readonly number: number
  readonly brings: Wants
  readonly timer: number
  /** What holds again if the offer is taken back. */
  readonly before: IceGeneration
}
/** The engine is applying the answer. */
export interface ApplyingNegotiation {
  readonly _tag: "Applying"
  readonly operation: number
}
/** The engine is taking back our offer. */
export interface RollingBackNegotiation {
  readonly _tag: "RollingBack"
  readonly operation: number
}
/** The engine is making our answer. */
export interface AnsweringNegotiation {
  readonly _tag: "Answering"
  readonly operation: number
  readonly offer: PeerOffer
  /** Local candidates that came before their answer was sent. */
  readonly found: ReadonlyArray<LocalCandidate>
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
