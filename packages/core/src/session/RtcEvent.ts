/** Everything that a call tells its app. */
import type { CallEvent } from "../call/CallEvent.ts"
import type { CallState } from "../call/CallState.ts"
import type { EngineEvent, RemoteTrack } from "../engine/EngineEvent.ts"
import type { EnigmaRtcError } from "../EnigmaRtcError.ts"
import type { CallMessage, IceCandidateMessage } from "../signaling/SignalingMessage.ts"

/** Everything that a call tells its app, each event once and in order. */
export type RtcEvent =
  | CallEvent
  /** The call is in another of the seven states. */
  | { readonly _tag: "StateChanged"; readonly state: CallState }
  /** A candidate for the peer. A session with a `send` has sent it; without one, the app passes it on. */
  | { readonly _tag: "LocalIceCandidate"; readonly message: IceCandidateMessage }
  /** A message, or a candidate, that could not be used. The call goes on. */
  | { readonly _tag: "MessageRefused"; readonly error: EnigmaRtcError }
  /** A message of ours that the channel did not take. */
  | { readonly _tag: "SendFailed"; readonly message: CallMessage; readonly error: EnigmaRtcError }
  /**
   * The call goes on over this engine: `switchEngine` of either end, or, when what it went on to has failed before both
   * ends were there, where it was before. Data channels of before close within 2 s; new ones are opened here.
   */
  | { readonly _tag: "EngineSwitched"; readonly engine: string }
  /**
   * The far end's media are there. In a call that has moved they take the place of those that `replaces` names, which
   * then end without a `RemoteTrackEnded`: both carry the same, and only one is to be played.
   */
  | { readonly _tag: "RemoteTrack"; readonly track: RemoteTrack; readonly replaces?: RemoteTrack }
  | Extract<EngineEvent, { readonly _tag: "RemoteTrackEnded" | "LocalSourceEnded" | "DataChannelOpened" }>
