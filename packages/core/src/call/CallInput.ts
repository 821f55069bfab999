/** Everything that can happen to a call. The first word says who caused it. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { Abilities, LocalCandidate } from "./CallState.ts"
import type { EndReason, EngineFailure } from "./EndReason.ts"
import type { MediaChange } from "./MediaIntent.ts"

/** What every message of a peer tells beside its content. */
export interface FromPeer {
  /** The call that the message names, if it names one. */
  readonly callId?: string
  /** The line that sent it, if it names itself. */
  readonly line?: string
  /** Did it carry delivery fields? */
  readonly aware: boolean
}
/** A message that belongs to a round of offer and answer. */
export interface OfRound {
  /** The number of the round, if it names one. */
  readonly negotiation?: number
}

/**
 * A timer of the machine: how long to ring, to connect, to stay interrupted, to wait for the answer to an offer in the
 * call, before an offer that failed is tried again, and how long a caller, and a callee, leaves ICE to itself before it
 * restarts it.
 */
export type TimerName = "ring" | "connect" | "reconnect" | "negotiation" | "retry" | "callerGrace" | "calleeGrace"

/** What can happen to a call. */
export type CallInput =
  | { readonly _tag: "UserCalled"; readonly callId: string; readonly line?: string; readonly media: MediaChange }
  | { readonly _tag: "UserAccepted"; readonly media: MediaChange }
  | { readonly _tag: "UserDeclined"; readonly reason: EndReason }
  | { readonly _tag: "UserHungUp"; readonly reason: EndReason }
  | { readonly _tag: "UserChangedMedia"; readonly media: MediaChange }
  | { readonly _tag: "UserRestartedIce" }
  /** `abilities`: of the engine that takes the offer, where that may be another than the call's so far. */
  | ({ readonly _tag: "PeerOffered"; readonly sdp: string; readonly callId: string; readonly abilities?: Abilities } & FromPeer & OfRound)
  | ({ readonly _tag: "PeerAnswered"; readonly sdp: string } & FromPeer & OfRound)
  | ({ readonly _tag: "PeerTrickled"; readonly candidate: IceCandidate } & FromPeer & OfRound)
  /** `byUs`: the caller has taken an answer, and it is ours. */
  | ({ readonly _tag: "PeerHungUp"; readonly reason: EndReason; readonly byUs?: boolean } & FromPeer)
  /** The peer's device speaks with a new line: what ran there knows nothing of the call any more. */
  | { readonly _tag: "PeerRestarted"; readonly line: string }
  /** An offer or an answer of this call could not be read. */
  | ({ readonly _tag: "PeerGarbled" } & FromPeer)
  | { readonly _tag: "EngineOffered"; readonly operation: number; readonly sdp: string }
  | { readonly _tag: "EngineAnswered"; readonly operation: number; readonly sdp: string }
  | { readonly _tag: "EngineApplied"; readonly operation: number }
  | { readonly _tag: "EngineRolledBack"; readonly operation: number }
  | { readonly _tag: "EngineRefused"; readonly operation: number; readonly failure: EngineFailure }
  | ({ readonly _tag: "EngineTrickled" } & LocalCandidate)
  | { readonly _tag: "EngineNeedsNegotiation" }
  | { readonly _tag: "EngineUp" }
  | { readonly _tag: "EngineInterrupted" }
  /** ICE has given up (W3C WebRTC section 5.6.2, `failed`). The connection can be restarted. */
  | { readonly _tag: "EngineLost"; readonly failure: EngineFailure }
  /** The connection is of no more use. */
  | { readonly _tag: "EngineFailed"; readonly failure: EngineFailure }
  | { readonly _tag: "EngineClosed" }
  | { readonly _tag: "TimerFired"; readonly timer: TimerName; readonly token: number }

/** The name of an input. */
export type InputTag = CallInput["_tag"]
/** An input by its name: `InputOf<"PeerOffered">`. */
export type InputOf<T extends InputTag> = Extract<CallInput, { readonly _tag: T }>

/** What each of the user's inputs is called in `CallSession`. */
export const operationOf = {
  UserCalled: "createOffer",
  UserAccepted: "accept",
  UserDeclined: "decline",
  UserHungUp: "hangup",
  UserChangedMedia: "setMedia",
  UserRestartedIce: "restartIce"
} as const satisfies { readonly [T in Extract<InputTag, `User${string}`>]: string }
