/** The engine of a page: the browser's own WebRTC. */
import { type Capabilities, fromDriver, RtcEngine, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { openDriver } from "./BrowserDriver.ts"
import { browserError } from "./browserError.ts"
import { isLocalTracks, type LocalTracks, openMedia } from "./LocalMedia.ts"
import type { MediaRequest } from "./MediaRequest.ts"

/** What the engine sends, and how it connects. */
export interface BrowserOptions {
  /**
   * What calls send: media that is open already, and outlives the engine, or what to open with the engine and to close with
   * it. A slot without a source is negotiated, and silent.
   */
  readonly media?: LocalTracks | MediaRequest
  /** Anything else of a connection's configuration, such as `{ iceTransportPolicy: "relay" }` (W3C WebRTC section 4.2.1). */
  readonly connection?: Omit<RTCConfiguration, "iceServers">
}

const engine = "browser"

/**
 * Opens the engine, which closes with the scope. For `@enigma-rtc/core/promise`, and for more than one engine in a page.
 * Fails with reason `Unsupported` where there is no `RTCPeerConnection`, as on a server and in a worker, and with reason
 * `Media` for what `media` cannot open.
 */
const make = (options: BrowserOptions = {}): Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    if (typeof RTCPeerConnection === "undefined") {
      return yield* browserError("open", { _tag: "Unsupported", capability: "RTCPeerConnection" })
    }
    const { connection = {}, media } = options
    const capabilities: Capabilities = {
      media: true,
      data: true,
      codecPreference: "setCodecPreferences" in RTCRtpTransceiver.prototype,
      rollback: true,
      renegotiation: true,
      iceRestart: true,
      remoteCandidates: true
    }
    const sources = media && (isLocalTracks(media) ? media : yield* openMedia(media))
    return {
      name: engine,
      capabilities,
      open: (config, intent) =>
        fromDriver({
          engine,
          capabilities,
          operationTimeoutMs: config.operationTimeoutMs,
          open: (emit) => openDriver(config, intent, sources, connection, emit)
        })
    }
  })

/** WebRTC in a page. */
export const BrowserEngine = {
  make,
  /** The engine as a layer. */
  layer: (options?: BrowserOptions): Layer.Layer<RtcEngine, WebRtcError> => Layer.effect(RtcEngine, make(options))
}
