/** Requests to send. */
import type { SfuRefusal } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import type { types } from "mediasoup"
import { addSource } from "./audience.ts"
import type { Handler } from "./handlers.ts"
import { checkAudience, fromMediasoup, notFound, oneMore, transportOf } from "./refusals.ts"
import { invalid } from "./requests.ts"
import type { Stay } from "./Stay.ts"

/** Lets a producer be, or closes it when its stay or transport is gone meanwhile. */
const stillWanted = (stay: Stay, transport: string, producer: { close(): void }): Effect.Effect<void, SfuRefusal> =>
  Effect.suspend(() => {
    if (!stay.over && stay.transports.has(transport)) {
      return Effect.void
    }
    producer.close()
    return Effect.fail(notFound("transport", transport))
  })

/** Sends media. */
export const produce: Handler<"produce"> = ({ limits, stay }, { audience, kind, rtpParameters, slot, transport: id }) =>
  oneMore(
    stay,
    "producers",
    Effect.gen(function*() {
      const { transport } = yield* transportOf(stay, id, "send")
      yield* checkAudience(limits, audience)
      // mediasoup itself would take them, and forward nothing.
      if (!rtpParameters.codecs.every(({ mimeType }) => mimeType.startsWith(`${kind}/`))) {
        return yield* Effect.fail(invalid("rtpParameters.codecs", `codecs of ${kind}`))
      }
      const producer = yield* fromMediasoup("rtpParameters", () =>
        transport.produce({ kind, rtpParameters, paused: audience.length === 0 }))
      yield* stillWanted(stay, id, producer)
      return { producer: addSource(stay, id, audience, { kind: "media", producer, slot }).id }
    })
  )

/** Sends data. */
export const produceData: Handler<"produceData"> = ({ limits, stay }, { audience, transport: id, ...data }) =>
  oneMore(
    stay,
    "dataProducers",
    Effect.gen(function*() {
      const { transport } = yield* transportOf(stay, id, "send")
      yield* checkAudience(limits, audience)
      const producer = yield* fromMediasoup("sctpStreamParameters", () =>
        transport.produceData({
          label: data.label,
          protocol: data.protocol,
          // Its schema wants a stream's number, though the client's type does not.
          sctpStreamParameters: data.sctpStreamParameters as types.SctpStreamParameters,
          paused: audience.length === 0
        }))
      yield* stillWanted(stay, id, producer)
      return { producer: addSource(stay, id, audience, { kind: "data", producer }).id }
    })
  )
