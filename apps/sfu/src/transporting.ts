/** Requests about transports. */
import * as Effect from "effect/Effect"
import type { Handler } from "./handlers.ts"
import { fromMediasoup, notFound, oneMore, unavailable, wrongState } from "./refusals.ts"

/** Makes a transport; its client connects it. */
export const createTransport: Handler<"createTransport"> = ({ stay }, { direction }) =>
  oneMore(
    stay,
    "transports",
    Effect.gen(function*() {
      const { live } = stay.room
      const transport = yield* fromMediasoup("", async () =>
        (await stay.room.router).createWebRtcTransport({
          ...live.listen,
          enableUdp: true,
          enableTcp: live.tcp,
          preferUdp: true,
          enableSctp: true
        })).pipe(Effect.mapError(() => unavailable))
      if (stay.over) {
        transport.close()
        return yield* Effect.fail(unavailable)
      }
      stay.transports.set(transport.id, { transport, direction, connected: false })
      return {
        transport: transport.id,
        iceParameters: transport.iceParameters,
        iceCandidates: transport.iceCandidates,
        dtlsParameters: transport.dtlsParameters,
        // SCTP is enabled.
        sctpParameters: transport.sctpParameters!
      }
    })
  )

/** Gives a transport the other end's fingerprints, once. */
export const connectTransport: Handler<"connectTransport"> = ({ stay }, { dtlsParameters, transport: id }) =>
  Effect.gen(function*() {
    const found = stay.transports.get(id)
    if (found === undefined) {
      return yield* Effect.fail(notFound("transport", id))
    }
    if (found.connected) {
      return yield* Effect.fail(wrongState("a transport that is not connected"))
    }
    found.connected = true
    yield* fromMediasoup("dtlsParameters", () => found.transport.connect({ dtlsParameters })).pipe(
      Effect.tapError(() => Effect.sync(() => void (found.connected = false)))
    )
    return {}
  })

/** New ICE credentials for a transport. */
export const restartIce: Handler<"restartIce"> = ({ stay }, { transport: id }) =>
  Effect.gen(function*() {
    const found = stay.transports.get(id)
    if (found === undefined) {
      return yield* Effect.fail(notFound("transport", id))
    }
    return {
      iceParameters: yield* fromMediasoup("transport", () => found.transport.restartIce())
    }
  })
