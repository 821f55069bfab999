/** The werift engine: WebRTC in plain Node, with RTP in and out. */
import { type Capabilities, fromDriver, RtcEngine, type Slot, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { DriverOptions } from "./connectionOptions.ts"
import type { RtpSource } from "./media/RtpSource.ts"
import { WeriftDriver } from "./WeriftDriver.ts"

/** How the engine uses the network, and what it sends. */
export interface WeriftOptions extends Omit<DriverOptions, "sources"> {
  /**
   * What each slot sends: `tone()`, `picture()`, `oggFile(path)`, `ivfFile(path)` or `rtpStream(…)`. A source is opened
   * with the engine, heard by all of its calls, and closed with it. A slot without one is negotiated, and silent.
   */
  readonly media?: { readonly [S in Slot]?: Effect.Effect<RtpSource, WebRtcError, Scope.Scope> }
}

const capabilities: Capabilities = {
  media: true,
  data: true,
  codecPreference: true,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: true
}

const openSource = (
  slot: Slot,
  source: Effect.Effect<RtpSource, WebRtcError, Scope.Scope> | undefined
): Effect.Effect<{ readonly [S in Slot]?: RtpSource }, WebRtcError, Scope.Scope> => {
  if (source === undefined) return Effect.succeed({})
  const kind = slot === "microphone" ? "audio" : "video"
  return Effect.flatMap(source, (opened) =>
    opened.kind === kind
      ? Effect.succeed({ [slot]: opened })
      : Effect.fail(
        new WebRtcError({
          engine: "werift",
          operation: "openMedia",
          reason: { _tag: "InvalidConfig", field: `media.${slot}`, expected: `a source of ${kind}` }
        })
      ))
}

/**
 * Opens the engine and its sources, which close with the scope. For `@enigma-rtc/core/promise`, and for more than one
 * engine in a process.
 */
const make = (options: WeriftOptions = {}): Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { media = {}, ...network } = options
    const sources = {
      ...(yield* openSource("microphone", media.microphone)),
      ...(yield* openSource("camera", media.camera)),
      ...(yield* openSource("screen", media.screen))
    }
    return {
      name: "werift",
      capabilities,
      open: (config, intent) =>
        fromDriver({
          engine: "werift",
          capabilities,
          operationTimeoutMs: config.operationTimeoutMs,
          open: (emit) => new WeriftDriver(config, intent, { ...network, sources }, emit)
        })
    }
  })

/** WebRTC in plain Node. */
export const WeriftEngine = {
  make,
  /** The engine as a layer. */
  layer: (options?: WeriftOptions): Layer.Layer<RtcEngine, WebRtcError> => Layer.effect(RtcEngine, make(options))
}
