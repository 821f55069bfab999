/** Everything that can happen to a call. The first word says who caused it. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { EndReason, EngineFailure } from "./EndReason.ts"
import type { MediaChange } from "./MediaIntent.ts"

/** What every message of a peer tells beside its content. */
export interface FromPeer {
  /** The call that the message names, if it names one. */
  readonly callId?: string
  /** Did it carry delivery fields? */
  readonly aware: boolean
}

/** A timer of the machine: how long to ring, to connect, and to stay interrupted. */
export type TimerName = "ring" | "connect" | "reconnect"

/** What can happen to a call. */
export type CallInput =
  | { readonly _tag: "UserCalled"; readonly callId: string; readonly media: MediaChange }
  | { readonly _tag: "UserAccepted"; readonly media: MediaChange }
  | { readonly _tag: "UserDeclined"; readonly reason: EndReason }
  | { readonly _tag: "UserHungUp"; readonly reason: EndReason }
  | { readonly _tag: "UserChangedMedia"; readonly media: MediaChange }
  | { readonly _tag: "PeerOffered"; readonly sdp: string; readonly callId: string; readonly aware: boolean }
  | ({ readonly _tag: "PeerAnswered"; readonly sdp: string } & FromPeer)
  | ({ readonly _tag: "PeerTrickled"; readonly candidate: IceCandidate } & FromPeer)
  | ({ readonly _tag: "PeerHungUp"; readonly reason: EndReason } & FromPeer)
  | { readonly _tag: "EngineOffered"; readonly operation: number; readonly sdp: string }
  | { readonly _tag: "EngineAnswered"; readonly operation: number; readonly sdp: string }
  | { readonly _tag: "EngineApplied"; readonly operation: number }
  | { readonly _tag: "EngineRefused"; readonly operation: number; readonly failure: EngineFailure }
  | { readonly _tag: "EngineTrickled"; readonly candidate: IceCandidate }
  | { readonly _tag: "EngineUp" }
  | { readonly _tag: "EngineInterrupted" }
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
  UserChangedMedia: "setMedia"
} as const satisfies { readonly [T in Extract<InputTag, `User${string}`>]: string }
