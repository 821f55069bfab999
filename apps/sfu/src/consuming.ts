/** Requests to be sent what others send. */
import type { SfuRefusal, SfuReply } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import type { types } from "mediasoup"
import { addSink, type Source } from "./audience.ts"
import type { Handler } from "./handlers.ts"
import { fromMediasoup, notFound, oneMore, transportOf } from "./refusals.ts"
import type { Stay } from "./Stay.ts"

type RtpParameters = SfuReply<"consume">["rtpParameters"]

const cannotConsume: SfuRefusal = { code: "cannotConsume" }

/** A source of the room, of one kind. */
const sourceOf = <K extends Source["kind"]>(
  stay: Stay,
  kind: K,
  id: string
): Effect.Effect<Extract<Source, { readonly kind: K }>, SfuRefusal> => {
  const source = stay.room.sources.get(id)
  return source === undefined || source.kind !== kind
    ? Effect.fail(notFound("producer", id))
    // Its kind was compared.
    : Effect.succeed(source as Extract<Source, { readonly kind: K }>)
}

/** Lets a consumer be, or closes it when its stay, its transport or its source is gone meanwhile. */
const stillWanted = (
  stay: Stay,
  transport: string,
  source: Source,
  consumer: { close(): void }
): Effect.Effect<void, SfuRefusal> =>
  Effect.suspend(() => {
    const here = stay.room.sources.has(source.id)
    if (here && !stay.over && stay.transports.has(transport)) {
      return Effect.void
    }
    consumer.close()
    return Effect.fail(here ? notFound("transport", transport) : notFound("producer", source.id))
  })

/** Consumes media, paused. */
export const consume: Handler<"consume"> = ({ stay }, { producer, rtpCapabilities, transport: id }) =>
  oneMore(
    stay,
    "consumers",
    Effect.gen(function*() {
      const { transport } = yield* transportOf(stay, id, "receive")
      const source = yield* sourceOf(stay, "media", producer)
      // The schema lets through what mediasoup has a type for.
      const capabilities = rtpCapabilities as types.RtpCapabilities
      const router = yield* fromMediasoup("producer", () => stay.room.router)
      if (!router.canConsume({ producerId: producer, rtpCapabilities: capabilities })) {
        return yield* Effect.fail(cannotConsume)
      }
      const consumer = yield* fromMediasoup("rtpCapabilities", () =>
        transport.consume({ producerId: producer, rtpCapabilities: capabilities, paused: true }))
      yield* stillWanted(stay, id, source, consumer)
      yield* Effect.promise(() => addSink(stay, id, source, { kind: "media", consumer }))
      consumer.on("score", ({ producerScore, score }) =>
        stay.tell({ event: "consumerScore", consumer: consumer.id, score, producerScore }))
      consumer.on("layerschange", (layers) =>
        stay.tell({
          event: "consumerLayers",
          consumer: consumer.id,
          ...(layers === undefined ? {} : { spatial: layers.spatialLayer }),
          ...(layers?.temporalLayer === undefined ? {} : { temporal: layers.temporalLayer })
        }))
      return {
        consumer: consumer.id,
        kind: consumer.kind,
        // The client's types name fewer header extensions.
        rtpParameters: consumer.rtpParameters as RtpParameters,
        peer: source.owner.peer,
        slot: source.slot
      }
    })
  )

/** Consumes data, from now on. */
export const consumeData: Handler<"consumeData"> = ({ stay }, { producer, transport: id }) =>
  oneMore(
    stay,
    "dataConsumers",
    Effect.gen(function*() {
      const { transport } = yield* transportOf(stay, id, "receive")
      const source = yield* sourceOf(stay, "data", producer)
      const consumer = yield* fromMediasoup("producer", () => transport.consumeData({ dataProducerId: producer, paused: true }))
      yield* stillWanted(stay, id, source, consumer)
      yield* Effect.promise(() => addSink(stay, id, source, { kind: "data", consumer }))
      yield* stillWanted(stay, id, source, consumer)
      return {
        consumer: consumer.id,
        // Of an SCTP transport.
        sctpStreamParameters: consumer.sctpStreamParameters!,
        label: consumer.label,
        protocol: consumer.protocol,
        peer: source.owner.peer
      }
    })
  )
