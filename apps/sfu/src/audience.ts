/**
 * Who is sent what. A source is a producer of media or of data with its audience; a sink is a consumer of one. A sink runs
 * while its peer is in the audience and its client has not paused it; a source runs while its audience is not empty.
 */
import type { Slot } from "@enigma-rtc/core"
import type { types } from "mediasoup"
import { Gate } from "./Gate.ts"
import type { Stay } from "./Stay.ts"

interface Producing {
  readonly id: string
  readonly owner: Stay
  /** The id of the transport that it comes through. */
  readonly transport: string
  readonly gate: Gate
  readonly sinks: Set<Sink>
  audience: ReadonlySet<string>
}
/** What a peer sends. */
export type Source =
  & Producing
  & (
    | { readonly kind: "media"; readonly producer: types.Producer; readonly slot: Slot }
    | { readonly kind: "data"; readonly producer: types.DataProducer }
  )

interface Consuming {
  readonly id: string
  readonly owner: Stay
  readonly transport: string
  readonly source: Source
  readonly gate: Gate
  /** By its own client. */
  paused: boolean
}
/** What a peer is sent, of one source. */
export type Sink =
  & Consuming
  & (
    | { readonly kind: "media"; readonly consumer: types.Consumer }
    | { readonly kind: "data"; readonly consumer: types.DataConsumer }
  )

type SourceOf = { readonly kind: "media"; readonly producer: types.Producer; readonly slot: Slot } | {
  readonly kind: "data"
  readonly producer: types.DataProducer
}
type SinkOf =
  | { readonly kind: "media"; readonly consumer: types.Consumer }
  | { readonly kind: "data"; readonly consumer: types.DataConsumer }

/** Enters a producer that was made paused or not, by whether its audience is empty. */
export const addSource = (owner: Stay, transport: string, audience: ReadonlyArray<string>, of: SourceOf): Source => {
  const source: Source = {
    ...of,
    id: of.producer.id,
    owner,
    transport,
    sinks: new Set(),
    audience: new Set(audience),
    gate: new Gate(of.producer, !of.producer.paused, () => closeSource(source))
  }
  owner.sources.set(source.id, source)
  owner.room.sources.set(source.id, source)
  return source
}

/** Enters a consumer, made paused, and lets it run if it may. */
export const addSink = async (owner: Stay, transport: string, source: Source, of: SinkOf): Promise<Sink> => {
  const sink: Sink = {
    ...of,
    id: of.consumer.id,
    owner,
    transport,
    source,
    paused: of.kind === "media",
    gate: new Gate(of.consumer, false, () => closeSink(sink, "told"))
  }
  owner.sinks.set(sink.id, sink)
  source.sinks.add(sink)
  await regate(sink)
  return sink
}

/** Lets a sink run, or holds it, as its audience and its client want. */
export const regate = (sink: Sink): Promise<void> =>
  sink.gate.set(!sink.paused && sink.source.audience.has(sink.owner.peer))

/** Resolves when nobody who was left out is sent anything more. */
export const setAudience = async (source: Source, audience: ReadonlyArray<string>): Promise<void> => {
  source.audience = new Set(audience)
  await Promise.all([source.gate.set(source.audience.size > 0), ...[...source.sinks].map(regate)])
}

/** Closes a sink; its client hears it if it was not its own wish. */
export const closeSink = (sink: Sink, told?: "told"): void => {
  if (!sink.owner.sinks.delete(sink.id)) {
    return
  }
  sink.source.sinks.delete(sink)
  sink.consumer.close()
  if (told === "told") {
    sink.owner.tell({ event: "consumerClosed", consumer: sink.id })
  }
}

/** Closes a source, and its sinks with it. */
export const closeSource = (source: Source): void => {
  if (!source.owner.sources.delete(source.id)) {
    return
  }
  source.owner.room.sources.delete(source.id)
  source.producer.close()
  for (const sink of source.sinks) {
    closeSink(sink, "told")
  }
}
