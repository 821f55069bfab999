/** The port between a call and a WebRTC stack: few primitives. An engine acts; core decides. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { MediaIntent } from "../call/MediaIntent.ts"
import type { WebRtcError } from "../EnigmaRtcError.ts"
import type { IceServer, RtcConfig } from "../RtcConfig.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { CallStats } from "./CallStats.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { DataChannel, DataOptions } from "./DataChannel.ts"
import type { EngineEvent } from "./EngineEvent.ts"

/** What an offer may begin anew. */
export interface OfferOptions {
  /** New ICE credentials (RFC 8445 section 9). */
  readonly iceRestart?: boolean
  /** Servers to use from now on. */
  readonly iceServers?: ReadonlyArray<IceServer>
}

/**
 * One call's connection. It lives as long as its scope. Operations run one at a time, in order; each settles within
 * `operationTimeoutMs`; after the scope is closed each fails with reason `Closed`.
 */
export interface RtcPeer {
  /** What media to send and to take, from now on and in every description. Asking twice changes nothing. */
  readonly setMedia: (intent: MediaIntent) => Effect.Effect<void, WebRtcError>
  /** Makes an offer and sets it; candidates follow as events. Only while stable. */
  readonly createOffer: (options?: OfferOptions) => Effect.Effect<string, WebRtcError>
  /** Sets a remote offer, makes the answer and sets it. Only while stable; on failure all is as before. */
  readonly createAnswer: (offerSdp: string) => Effect.Effect<string, WebRtcError>
  /** Sets a remote answer. Only while an offer of ours is out; on failure it is out still. */
  readonly applyAnswer: (answerSdp: string) => Effect.Effect<void, WebRtcError>
  /** Takes back an offer that is out. */
  readonly rollback: Effect.Effect<void, WebRtcError>
  /** Takes a remote candidate at any time: one that comes before the first remote description waits for it. */
  readonly addRemoteCandidate: (candidate: IceCandidate) => Effect.Effect<void, WebRtcError>
  /** Opens a channel to the far end, and succeeds when it is open. It closes with its scope. */
  readonly openDataChannel: (
    label: string,
    options?: DataOptions
  ) => Effect.Effect<DataChannel, WebRtcError, Scope.Scope>
  readonly stats: Effect.Effect<CallStats, WebRtcError>
  /** Every event once, in order, for one reader; kept until first read; ends when the peer closes. */
  readonly events: Stream.Stream<EngineEvent>
}

/** The service that an engine's package provides. */
export class RtcEngine extends /*#__PURE__*/ Context.Service<RtcEngine, {
  readonly name: string
  readonly capabilities: Capabilities
  /**
   * Is this offer for engines of this kind? A kind whose descriptions no other can follow, as of an engine behind an SFU,
   * says so in its offers with a line `a=x-enigma-engine:<kind>` for the session, and takes only those. An engine without
   * `takes` takes every offer that has no such line.
   */
  readonly takes?: (offerSdp: string) => boolean
  /**
   * Opens a connection for one call; closing the scope closes it. The intent holds from the start, and `setMedia` is not
   * called for it. All about media is in the intent: `enableAudio`, `enableVideo`, `enableData` and `preferCodec` of the
   * configuration are what it was made of.
   */
  readonly open: (config: RtcConfig, intent: MediaIntent) => Effect.Effect<RtcPeer, WebRtcError, Scope.Scope>
}>()("@enigma-rtc/core/RtcEngine") {}

/** Is this offer for this engine? */
export const takesOffer = (engine: RtcEngine["Service"], offerSdp: string): boolean =>
  engine.takes?.(offerSdp) ?? !/^a=x-enigma-engine:/m.test(offerSdp)
