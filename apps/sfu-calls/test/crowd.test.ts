/** Rooms with many calls, and calls that come and go: what one costs the others, and what is left of it at the server. */
import { SfuEngine, SfuRefused, SfuRoom, type SfuSignaling, SfuUnreachable } from "@enigma-rtc/engine-sfu/node"
import { CallLine, RtcEngine } from "@enigma-rtc/core"
import { inProcess } from "@enigma-rtc/sfu-server"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expect, it } from "vitest"
import { aliceAndBob, connect, openLine, until } from "../src/calls.ts"
import { generated, loopback, type Server, startServer } from "../src/rig.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

const openThings = (server: Server) =>
  Effect.map(server.figures, ({ consumers, dataConsumers, dataProducers, producers, transports }) =>
    ({ consumers, dataConsumers, dataProducers, producers, transports }))

/** `CALLS=1000` for as many. */
const calls = Number(process.env["CALLS"] ?? 40)

it(`of ${calls} calls that came and went, with channels, nothing is left at the server`, scoped(Effect.gen(function*() {
  // Nobody calls so fast.
  const server = yield* startServer({ limits: { requestsPerSecond: 10_000 } })
  const relay = memoryRelay()
  const alice = yield* openLine(relay, server, "alice")
  const bob = yield* openLine(relay, server, "bob")
  const carol = yield* openLine(relay, server, "carol")
  const stays = yield* connect(alice.line, carol.line, "carol")
  yield* stays.there.untilHeard("microphone")
  let before: unknown
  for (let i = 0; i < calls; i++) {
    yield* Effect.scoped(Effect.gen(function*() {
      const { far, near } = yield* i % 2 === 0 ? connect(alice.line, bob.line, "bob") : connect(bob.line, alice.line, "alice")
      const channel = yield* near.openDataChannel("chat")
      yield* channel.send("hello")
      // Some are under way when the call ends.
      if (i % 3 === 0) yield* Effect.forkScoped(Effect.ignore(far.openDataChannel("late")), { startImmediately: true })
      yield* near.hangup()
    }))
    if (i === 1) {
      yield* Effect.sleep(500)
      before = yield* openThings(server)
    }
  }
  yield* Effect.sleep(1_000)
  expect(yield* openThings(server)).toEqual(before)
  expect(before).toMatchObject({ transports: 6, dataProducers: 2, dataConsumers: 2 })
  yield* stays.here.untilHeard("microphone")
  yield* stays.there.untilHeard("microphone")
  expect(stays.here.saw("ConnectionInterrupted") + stays.there.saw("ConnectionInterrupted")).toBe(0)
})), 60_000 + calls * 1_000)

it("a stream that the server has no place for costs its call only", scoped(Effect.gen(function*() {
  const server = yield* startServer({ limits: { dataProducers: 2 } })
  const { alice, here, near, relay, there } = yield* aliceAndBob(server)
  const carol = yield* openLine(relay, server, "carol")
  const other = yield* connect(alice.line, carol.line, "carol")
  const error = yield* Effect.flip(near.openDataChannel("one too many"))
  expect(error).toMatchObject({ reason: { _tag: "Refused" }, cause: { refusal: { code: "tooMany" } } })
  for (const end of [here, there, other.here, other.there]) yield* end.untilHeard("microphone")
  expect([here, there, other.here, other.there].map((end) => end.saw("ConnectionInterrupted"))).toEqual([0, 0, 0, 0])
})), 40_000)

it("of what was opened while its reply was lost, and closed while nobody heard, nothing is left, however often", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const signaling = yield* inProcess(server, "alice")
  let isDeaf = false
  const deaf: SfuSignaling = {
    ...signaling,
    request: (method, request) => {
      if (!isDeaf) return signaling.request(method, request)
      const lost = new SfuUnreachable({ method })
      return method.startsWith("close") ? Effect.fail(lost) : Effect.andThen(signaling.request(method, request), Effect.fail(lost))
    }
  }
  const room = yield* SfuRoom.join({ room: "calls", token: "alice", signaling: deaf, media: generated, ...loopback })
  const channel = yield* relay.join("alice")
  const line = yield* Effect.provideService(
    CallLine.make({ device: "alice", channel, config: { enableData: true } }), RtcEngine, yield* SfuEngine.make({ room }))
  const bob = yield* openLine(relay, server, "bob")
  const { near } = yield* connect(line, bob.line, "bob")
  yield* Effect.sleep(300)
  const before = yield* openThings(server)
  for (let i = 0; i < 6; i++) {
    isDeaf = true
    // Consumers at both ends, and a request for a transport whose reply is lost.
    const call = yield* bob.line.call("alice")
    yield* Effect.ignore(signaling.request("createTransport", { direction: "receive" }))
    yield* call.hangup()
    isDeaf = false
    yield* signaling.drop
    yield* Effect.sleep(700)
  }
  expect(yield* openThings(server)).toEqual(before)
  yield* near.openDataChannel("still")
})), 40_000)

it("a stream whose reply was lost is closed when the connection is there again, and those that are in use stay", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const signaling = yield* inProcess(server, "alice")
  let isDeaf = false
  const deaf: SfuSignaling = {
    ...signaling,
    request: (method, request) =>
      isDeaf ? Effect.andThen(signaling.request(method, request), Effect.fail(new SfuUnreachable({ method }))) : signaling.request(method, request)
  }
  const room = yield* SfuRoom.join({ room: "calls", token: "alice", signaling: deaf, media: generated, ...loopback })
  const channel = yield* relay.join("alice")
  const line = yield* Effect.provideService(
    CallLine.make({ device: "alice", channel, config: { enableData: true } }), RtcEngine, yield* SfuEngine.make({ room }))
  const bob = yield* openLine(relay, server, "bob")
  const { here, near, there } = yield* connect(line, bob.line, "bob")
  const chat = yield* near.openDataChannel("chat")
  yield* chat.send("hello")
  const { dataProducers } = yield* openThings(server)
  isDeaf = true
  yield* Effect.flip(near.openDataChannel("lost"))
  isDeaf = false
  expect((yield* openThings(server)).dataProducers).toBe(dataProducers + 1)
  yield* signaling.drop
  yield* until("it is closed", Effect.map(openThings(server), (open) => open.dataProducers === dataProducers))
  yield* Effect.sleep(500)
  expect((yield* openThings(server)).dataProducers).toBe(dataProducers)
  yield* chat.send("still there")
  expect(here.saw("ConnectionInterrupted") + there.saw("ConnectionInterrupted")).toBe(0)
})), 40_000)

it("a channel has whatever label", scoped(Effect.gen(function*() {
  const { here, near, there } = yield* aliceAndBob(yield* startServer())
  const label = "x".repeat(1_000)
  const channel = yield* near.openDataChannel(label, { protocol: "y".repeat(1_000) })
  yield* channel.send("hello")
  yield* until("it opened there", Effect.sync(() => there.saw("DataChannelOpened") === 1))
  const opened = there.events.find((event) => event._tag === "DataChannelOpened")
  expect(opened).toMatchObject({ channel: { label } })
  expect(here.saw("ConnectionInterrupted")).toBe(0)
})), 30_000)

it("a channel that is opened while the server is away costs nobody's media", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  let isAway = false
  const relay = memoryRelay()
  const signaling = yield* inProcess(server, "alice")
  const away: SfuSignaling = {
    ...signaling,
    request: (method, request) => (isAway ? Effect.fail(new SfuUnreachable({ method })) : signaling.request(method, request))
  }
  const room = yield* SfuRoom.join({ room: "calls", token: "alice", signaling: away, media: generated, ...loopback })
  const channel = yield* relay.join("alice")
  const line = yield* Effect.provideService(
    CallLine.make({ device: "alice", channel, config: { enableData: true } }), RtcEngine, yield* SfuEngine.make({ room }))
  const bob = yield* openLine(relay, server, "bob")
  const { here, near, there } = yield* connect(line, bob.line, "bob")
  isAway = true
  const error = yield* Effect.flip(near.openDataChannel("now"))
  expect(error).toMatchObject({ cause: { _tag: "SfuUnreachable" } })
  isAway = false
  for (const end of [here, there]) yield* end.untilHeard("microphone")
  expect(here.saw("ConnectionInterrupted") + there.saw("ConnectionInterrupted")).toBe(0)
  yield* near.openDataChannel("later")
})), 30_000)

it("a producer that the server has no more is made again", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const signaling = yield* inProcess(server, "alice")
  let isGone = false
  let gone: string | undefined
  const forgetful: SfuSignaling = {
    ...signaling,
    request: (method, request) => {
      if (!isGone || method !== "setAudience" || !("producer" in request)) return signaling.request(method, request)
      gone ??= request.producer
      if (gone !== request.producer) return signaling.request(method, request)
      return Effect.fail(new SfuRefused({ method, refusal: { code: "notFound", what: "producer", id: "x" } }))
    }
  }
  const room = yield* SfuRoom.join({ room: "calls", token: "alice", signaling: forgetful, media: generated, ...loopback })
  const channel = yield* relay.join("alice")
  const line = yield* Effect.provideService(
    CallLine.make({ device: "alice", channel, config: { enableData: true } }), RtcEngine, yield* SfuEngine.make({ room }))
  const bob = yield* openLine(relay, server, "bob")
  const { near, there } = yield* connect(line, bob.line, "bob")
  isGone = true
  yield* near.setMicrophoneEnabled(false)
  yield* near.setMicrophoneEnabled(true)
  yield* there.untilHeard("microphone", 20_000)
  expect(there.saw("ConnectionInterrupted")).toBe(1)
})), 40_000)
