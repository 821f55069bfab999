/** What each request does, within a stay. */
import type { SfuMethod, SfuRefusal, SfuReply, SfuRequests } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import { closeSink, closeSource, regate, setAudience, type Source } from "./audience.ts"
import { consume, consumeData } from "./consuming.ts"
import type { SfuLimits } from "./limits.ts"
import { produce, produceData } from "./producing.ts"
import type { Stay } from "./Stay.ts"
import { connectTransport, createTransport, restartIce } from "./transporting.ts"
import { checkAudience, fromMediasoup, notFound } from "./refusals.ts"

/** What a handler knows of the server. */
export interface HandlerContext {
  readonly stay: Stay
  readonly limits: SfuLimits
}
/** Does what was asked, or says why not. Whatever it awaits, it looks afterwards whether things are as they were. */
export type Handler<M extends SfuMethod> = (
  context: HandlerContext,
  request: SfuRequests[M]["request"]
) => Effect.Effect<SfuReply<M>, SfuRefusal>

const done = Effect.succeed({})

const ownSource = (stay: Stay, id: string): Effect.Effect<Source, SfuRefusal> => {
  const source = stay.sources.get(id)
  return source === undefined ? Effect.fail(notFound("producer", id)) : Effect.succeed(source)
}

/** Every request but `join` and `leave`, which begin and end a stay. */
export const handlers: { readonly [M in Exclude<SfuMethod, "join" | "leave">]: Handler<M> } = {
  sync: ({ stay }) =>
    Effect.sync(() => ({
      peers: [...stay.room.stays.keys()].filter((peer) => peer !== stay.peer),
      transports: [...stay.transports.keys()],
      dataProducers: [...stay.sources.values()].filter(({ kind }) => kind === "data").map(({ id }) => id),
      consumers: [...stay.sinks.values()].filter(({ kind }) => kind === "media").map(({ id }) => id),
      dataConsumers: [...stay.sinks.values()].filter(({ kind }) => kind === "data").map(({ id }) => id)
    })),
  createTransport,
  connectTransport,
  restartIce,
  closeTransport: ({ stay }, { transport }) =>
    Effect.suspend(() => {
      stay.closeTransport(transport)
      return done
    }),
  produce,
  produceData,
  setAudience: ({ limits, stay }, { audience, producer }) =>
    Effect.gen(function*() {
      const source = yield* ownSource(stay, producer)
      yield* checkAudience(limits, audience)
      yield* Effect.promise(() => setAudience(source, audience))
      return {}
    }),
  closeProducer: ({ stay }, { producer }) =>
    Effect.suspend(() => {
      const source = stay.sources.get(producer)
      if (source !== undefined) {
        closeSource(source)
      }
      return done
    }),
  consume,
  consumeData,
  setConsumer: ({ stay }, { consumer, layers, paused }) =>
    Effect.gen(function*() {
      const sink = stay.sinks.get(consumer)
      if (sink === undefined) {
        return yield* Effect.fail(notFound("consumer", consumer))
      }
      if (layers !== undefined && sink.kind === "media") {
        const { spatial, temporal } = layers
        yield* fromMediasoup("layers", () =>
          sink.consumer.setPreferredLayers({
            spatialLayer: spatial,
            ...(temporal === undefined ? {} : { temporalLayer: temporal })
          }))
      }
      if (paused !== undefined) {
        sink.paused = paused
        yield* Effect.promise(() => regate(sink))
      }
      return {}
    }),
  closeConsumer: ({ stay }, { consumer }) =>
    Effect.suspend(() => {
      const sink = stay.sinks.get(consumer)
      if (sink !== undefined) {
        closeSink(sink)
      }
      return done
    })
}
