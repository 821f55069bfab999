/** The engine over a room of an SFU: each of its calls is a light one over the room's two transports. */
import { type Capabilities, fromDriver, RtcEngine, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SfuDriver } from "./SfuDriver.ts"
import { engine, sfuError } from "./sfuError.ts"
import { planeOf, type SfuRoom } from "./SfuRoom.ts"
import { isTicketFor } from "./ticket.ts"

const capabilities: Capabilities = {
  media: true,
  data: true,
  // The server's router has an order of its own.
  codecPreference: false,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  // The way to the server is the room's affair; the far end's is its own.
  remoteCandidates: false
}

/** What the engine's calls go through. */
export interface SfuEngineOptions {
  /** A room that has been joined; it outlives the engine. */
  readonly room: SfuRoom
}

/**
 * The engine. Calls of it reach only calls of the same room, also in another page or process. Of a call's configuration it does
 * not use `iceServers`, since the room has its own, nor `preferCodec`.
 */
const make = ({ room }: SfuEngineOptions): Effect.Effect<RtcEngine["Service"], WebRtcError> =>
  Effect.suspend(() => {
    const plane = planeOf(room)
    if (plane === undefined) return Effect.fail(sfuError("open", { _tag: "InvalidConfig", field: "room", expected: "what SfuRoom.join gives" }))
    return Effect.succeed({
      name: engine,
      capabilities,
      takes: (offer) => isTicketFor(room.room, offer),
      open: (config, intent) =>
        fromDriver({
          engine,
          capabilities,
          operationTimeoutMs: config.operationTimeoutMs,
          open: (emit) => new SfuDriver(room.room, plane, config.operationTimeoutMs, intent, emit)
        })
    })
  })

/** Calls through an SFU. */
export const SfuEngine = {
  make,
  /** The engine as a layer. */
  layer: (options: SfuEngineOptions): Layer.Layer<RtcEngine, WebRtcError> => Layer.effect(RtcEngine, make(options))
}
