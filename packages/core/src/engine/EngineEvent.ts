/** What an engine has to tell a call. */
import type { Slot } from "../call/MediaIntent.ts"
import type { WebRtcError } from "../EnigmaRtcError.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { DataChannel } from "./DataChannel.ts"

/** The media path. `up`: ICE and DTLS are connected. */
export type LinkState = "connecting" | "up" | "interrupted" | "failed"

/**
 * Remote media, as a key for the typed accessors of its engine's package. Its id is no other's in the process: whenever
 * media begins again, as after a hold, it may be under another one.
 */
export interface RemoteTrack {
  readonly id: string
  readonly slot: Slot
}

/** What an engine tells, each event once and in order. */
export type EngineEvent =
  /** Never before the description that it belongs to. An empty `candidate` is end-of-candidates. */
  | { readonly _tag: "LocalCandidate"; readonly candidate: IceCandidate; readonly ufrag: string }
  | { readonly _tag: "Link"; readonly state: LinkState }
  /** The stack wants a round that nobody has asked for. Most engines never tell it. */
  | { readonly _tag: "NegotiationNeeded" }
  | { readonly _tag: "RemoteTrack"; readonly track: RemoteTrack }
  | { readonly _tag: "RemoteTrackEnded"; readonly track: RemoteTrack }
  /** A local source ended by itself, or cannot be sent; `reason` is in words. */
  | { readonly _tag: "LocalSourceEnded"; readonly slot: Slot; readonly reason: string }
  /** The far end opened a channel. */
  | { readonly _tag: "DataChannelOpened"; readonly channel: DataChannel }
  /** A candidate that waited for its description was refused by the stack. The call goes on. */
  | { readonly _tag: "CandidateRefused"; readonly candidate: IceCandidate; readonly error: WebRtcError }
  /** The connection is of no more use. */
  | { readonly _tag: "Failed"; readonly error: WebRtcError }
