/** Packets of media and data flow, or do not, by audience: through a real worker, over transports that need no network. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { types } from "mediasoup"
import { addSink, addSource, closeSource, regate, setAudience, type Sink } from "../src/audience.ts"
import { consume } from "../src/consuming.ts"
import { defaultLimits } from "../src/limits.ts"
import { defaultCodecs, Room } from "../src/Room.ts"
import { Stay } from "../src/Stay.ts"
import { makeWorkers } from "../src/workers.ts"
import { opus, until } from "./rig.ts"

/** An RTP packet of opus (RFC 3550, 5.1), as a browser sends it. */
const rtp = (ssrc: number, sequence: number): Buffer => {
  const packet = Buffer.alloc(32, 1)
  packet.writeUInt8(0x80, 0)
  packet.writeUInt8(111, 1)
  packet.writeUInt16BE(sequence, 2)
  packet.writeUInt32BE(sequence * 960, 4)
  packet.writeUInt32BE(ssrc, 8)
  return packet
}

/** A room on a worker, where `alice` sends to `bob` and `carol` over direct transports. */
const room = Effect.gen(function*() {
  const [place] = yield* makeWorkers({
    count: 1,
    listen: { ip: "127.0.0.1", enableTcp: false },
    settings: { logLevel: "none" },
    answerMs: 10_000,
    onDeath: () => {}
  })
  const room = new Room("one", place!, place!.live!, defaultCodecs, () => {})
  const router = yield* Effect.promise(() => room.router)
  const transport = yield* Effect.promise(() => router.createDirectTransport())
  const told: Array<string> = []
  const stay = (peer: string) => {
    const stay = new Stay(room, peer, peer, defaultLimits, {
      tell: ({ event }) => told.push(`${peer} ${event}`),
      close: () => {}
    })
    room.add(stay)
    return stay
  }
  const stays = { alice: stay("alice"), bob: stay("bob"), carol: stay("carol") }
  told.length = 0
  return { ...stays, router, transport, told }
})

/** Which sinks get any of what is sent all the time. mediasoup emits a packet a moment after it has come from the worker. */
const flowing = (
  sinks: ReadonlyArray<{ readonly heard: () => number; readonly reset: () => void }>,
  afterMs = 100
): Effect.Effect<ReadonlyArray<boolean>> =>
  Effect.gen(function*() {
    yield* Effect.sleep(30)
    for (const sink of sinks) {
      sink.reset()
    }
    yield* Effect.sleep(afterMs)
    return sinks.map(({ heard }) => heard() > 0)
  })

const counting = (consumer: types.Consumer | types.DataConsumer) => {
  let heard = 0
  const count = () => void (heard += 1)
  if ("kind" in consumer) {
    consumer.on("rtp", count)
  } else {
    consumer.on("message", count)
  }
  return { heard: () => heard, reset: () => void (heard = 0) }
}

const every = (send: (n: number) => void) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      let n = 0
      return setInterval(() => send(n++), 5)
    }),
    (timer) => Effect.sync(() => clearInterval(timer))
  )

it.live("media reaches whoever is in the audience and has not paused it, and nobody else", () =>
  Effect.gen(function*() {
    const { alice, bob, carol, router, told, transport } = yield* room
    const rtpParameters = opus("0")
    const producer = yield* Effect.promise(() =>
      transport.produce({ kind: "audio", rtpParameters, paused: true })
    )
    const source = addSource(alice, transport.id, [], { kind: "media", producer, slot: "microphone" })
    const consume = (stay: Stay) =>
      Effect.promise(async () => {
        const consumer = await transport.consume({
          producerId: producer.id,
          rtpCapabilities: router.rtpCapabilities,
          paused: true
        })
        return { ...counting(consumer), sink: await addSink(stay, transport.id, source, { kind: "media", consumer }) }
      })
    const [b, c] = [yield* consume(bob), yield* consume(carol)]
    const unpause = (sink: Sink, paused: boolean) => Effect.promise(() => ((sink.paused = paused), regate(sink)))
    const audience = (...peers: ReadonlyArray<string>) => Effect.promise(() => setAudience(source, peers))
    yield* every((n) => producer.closed || producer.send(rtp(rtpParameters.encodings[0]!.ssrc, n)))

    expect(yield* flowing([b, c])).toEqual([false, false])
    yield* audience("bob")
    expect(yield* flowing([b, c])).toEqual([false, false])
    yield* unpause(b.sink, false)
    yield* unpause(c.sink, false)
    expect(yield* flowing([b, c])).toEqual([true, false])
    yield* audience("carol", "bob")
    expect(yield* flowing([b, c])).toEqual([true, true])
    yield* unpause(b.sink, true)
    yield* audience("bob", "carol")
    expect(yield* flowing([b, c])).toEqual([false, true])
    yield* audience()
    expect(producer.paused).toBe(true)
    expect(yield* flowing([b, c])).toEqual([false, false])

    // What was wanted last holds, however fast it changes.
    for (let n = 0; n < 50; n += 1) {
      void setAudience(source, n % 2 === 0 ? ["carol"] : [])
    }
    yield* audience("carol")
    expect(yield* flowing([b, c])).toEqual([false, true])
    closeSource(source)
    yield* until("both hear", () => told.length === 2)
    expect(told).toEqual(["bob consumerClosed", "carol consumerClosed"])
    expect([bob.sinks.size, carol.sinks.size, alice.sources.size]).toEqual([0, 0, 0])
  }))

it.live("how a consumer fares is told to its client, for as long as it is open", () =>
  Effect.gen(function*() {
    const { alice, bob, router, told, transport } = yield* room
    // Direct transports are made and used like those over ICE.
    bob.transports.set(transport.id, { transport: transport as never, direction: "receive", connected: true })
    const rtpParameters = opus("0")
    const producer = yield* Effect.promise(() => transport.produce({ kind: "audio", rtpParameters }))
    const source = addSource(alice, transport.id, ["bob"], { kind: "media", producer, slot: "microphone" })
    const { consumer } = yield* consume({ stay: bob, limits: defaultLimits }, {
      transport: transport.id,
      producer: source.id,
      rtpCapabilities: router.rtpCapabilities as Parameters<typeof consume>[1]["rtpCapabilities"]
    })
    const sink = bob.sinks.get(consumer)!
    sink.paused = false
    yield* Effect.promise(() => regate(sink))
    yield* every((n) => producer.closed || producer.send(rtp(rtpParameters.encodings[0]!.ssrc, n)))
    yield* until("its score is told", () => told.includes("bob consumerScore"))
    if (sink.kind === "media") {
      sink.consumer.emit("layerschange", { spatialLayer: 1, temporalLayer: 0 })
    }
    yield* until("its layers are told", () => told.includes("bob consumerLayers"))
    closeSource(source)
    expect(told.at(-1)).toBe("bob consumerClosed")
  }))

it.live("data reaches whoever is in the audience, and nobody else", () =>
  Effect.gen(function*() {
    const { alice, bob, carol, transport } = yield* room
    const producer = yield* Effect.promise(() => transport.produceData({ label: "chat" }))
    const source = addSource(alice, transport.id, ["bob"], { kind: "data", producer })
    const consume = (stay: Stay) =>
      Effect.promise(async () => {
        const consumer = await transport.consumeData({ dataProducerId: producer.id, paused: true })
        await addSink(stay, transport.id, source, { kind: "data", consumer })
        return counting(consumer)
      })
    const [b, c] = [yield* consume(bob), yield* consume(carol)]
    yield* every(() => producer.closed || producer.send("hello"))
    expect(yield* flowing([b, c])).toEqual([true, false])
    yield* Effect.promise(() => setAudience(source, ["carol"]))
    expect(yield* flowing([b, c])).toEqual([false, true])
    yield* Effect.promise(() => setAudience(source, []))
    expect(yield* flowing([b, c])).toEqual([false, false])
    carol.end()
    yield* Effect.promise(() => setAudience(source, ["bob", "carol"]))
    expect(yield* flowing([b, c])).toEqual([true, false])
  }))
