/** Clients that say what they should not. Each test ends with a call that works. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { defaultLimits } from "../src/limits.ts"
import { call, connect, dtlsParameters, opus, sendData, type Server, simulcast, speak, startServer, transport } from "./rig.ts"

const stillServes = (server: Server) =>
  Effect.gen(function*() {
    const { consumed } = yield* call(server, "after-all")
    expect(consumed.peer).toBe("alice")
  })

it.live("before a join everything else is in the wrong state, and who is not let in is told so", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const mallory = yield* connect(server)
    expect(yield* mallory.refusal("sync", {})).toEqual({ code: "wrongState", expected: "join first" })
    expect(yield* mallory.refusal("createTransport", { direction: "send" })).toMatchObject({ code: "wrongState" })
    expect(yield* mallory.refusal("join", { room: "one" })).toEqual({ code: "unauthorised" })
    expect(yield* mallory.refusal("join", { room: "not a name", token: "m" })).toMatchObject({ code: "invalid", at: "room" })
    expect(yield* mallory.refusal("join", { room: "one", token: "not a name" })).toEqual({ code: "unauthorised" })
    expect(yield* mallory.request("leave", {})).toEqual({})
    yield* stillServes(server)
  }))

it.live("an app's check that fails, throws or hangs lets nobody in", () =>
  Effect.gen(function*() {
    const checks = {
      throws: () => {
        throw new Error("no database")
      },
      dies: () => Effect.die("no database"),
      hangs: () => Effect.never,
      misnames: () => Effect.succeed({ peer: "not a name" }),
      refuses: () => Effect.fail({ code: "tooMany", what: "seats", limit: 1 } as const)
    }
    const server = yield* startServer({
      limits: { requestMs: 100 },
      authorise: ({ token = "" }) =>
        Object.hasOwn(checks, token) ? checks[token as keyof typeof checks]() : Effect.succeed({ peer: token })
    })
    const mallory = yield* connect(server)
    for (const token of ["throws", "dies", "hangs", "misnames"]) {
      expect(yield* mallory.refusal("join", { room: "one", token })).toEqual({ code: "unavailable" })
    }
    expect(yield* mallory.refusal("join", { room: "one", token: "refuses" })).toEqual({ code: "tooMany", what: "seats", limit: 1 })
    yield* stillServes(server)
  }))

it.live("what belongs to others, or to another room, is not found", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob, consumed, producer, receive, routerRtpCapabilities, send } = yield* call(server, "one")
    const mallory = yield* connect(server)
    yield* mallory.joined("two", "mallory")
    const inside = yield* connect(server)
    yield* inside.joined("one", "inside")
    const own = yield* transport(mallory, "receive")
    expect(yield* mallory.refusal("consume", { transport: own, producer, rtpCapabilities: routerRtpCapabilities }))
      .toEqual({ code: "notFound", what: "producer", id: producer })
    expect(yield* mallory.refusal("consumeData", { transport: own, producer }))
      .toEqual({ code: "notFound", what: "producer", id: producer })
    for (const client of [mallory, inside]) {
      const noTransport = (id: string) => ({ code: "notFound", what: "transport", id })
      expect(yield* client.refusal("connectTransport", { transport: send, dtlsParameters })).toEqual(noTransport(send))
      expect(yield* client.refusal("restartIce", { transport: send })).toEqual(noTransport(send))
      expect(yield* client.refusal("produce", {
        transport: send, slot: "camera", kind: "audio", rtpParameters: opus(), audience: []
      })).toEqual(noTransport(send))
      expect(yield* client.refusal("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities }))
        .toEqual(noTransport(receive))
      expect(yield* client.refusal("setAudience", { producer, audience: [] }))
        .toEqual({ code: "notFound", what: "producer", id: producer })
      expect(yield* client.refusal("setConsumer", { consumer: consumed.consumer, paused: true }))
        .toEqual({ code: "notFound", what: "consumer", id: consumed.consumer })
      // Closing what one does not have succeeds, and closes nothing.
      yield* client.request("closeTransport", { transport: send })
      yield* client.request("closeProducer", { producer })
      yield* client.request("closeConsumer", { consumer: consumed.consumer })
    }
    expect((yield* bob.request("sync", {})).consumers).toEqual([consumed.consumer])
    yield* alice.request("setAudience", { producer, audience: ["bob", "inside"] })
    yield* stillServes(server)
  }))

it.live("a transport is connected once, and carries media one way", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob, producer, receive, routerRtpCapabilities, send } = yield* call(server, "one")
    yield* alice.request("connectTransport", { transport: send, dtlsParameters })
    expect(yield* alice.refusal("connectTransport", { transport: send, dtlsParameters })).toMatchObject({ code: "wrongState" })
    expect(yield* bob.refusal("produce", {
      transport: receive, slot: "camera", kind: "audio", rtpParameters: opus(), audience: []
    })).toMatchObject({ code: "wrongState" })
    expect(yield* alice.refusal("consume", { transport: send, producer, rtpCapabilities: routerRtpCapabilities }))
      .toMatchObject({ code: "wrongState" })
    yield* stillServes(server)
  }))

it.live("ids of closed things are not found", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob, consumed, producer, receive, routerRtpCapabilities, send } = yield* call(server, "one")
    yield* alice.request("closeProducer", { producer })
    yield* alice.request("closeProducer", { producer })
    yield* bob.request("closeConsumer", { consumer: consumed.consumer })
    expect(yield* bob.refusal("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities }))
      .toEqual({ code: "notFound", what: "producer", id: producer })
    expect(yield* alice.refusal("setAudience", { producer, audience: [] })).toMatchObject({ code: "notFound", what: "producer" })
    expect(yield* bob.refusal("setConsumer", { consumer: consumed.consumer, paused: false }))
      .toMatchObject({ code: "notFound", what: "consumer" })
    const again = yield* speak(alice, send, ["bob"])
    yield* alice.request("closeTransport", { transport: send })
    expect(yield* alice.refusal("restartIce", { transport: send })).toMatchObject({ code: "notFound", what: "transport" })
    expect(yield* alice.refusal("setAudience", { producer: again, audience: [] })).toMatchObject({ code: "notFound" })
    yield* stillServes(server)
  }))

it.live("what mediasoup will not have is invalid, what a client cannot receive it cannot consume", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob, producer, receive, send } = yield* call(server, "one")
    const produce = (kind: "audio" | "video", rtpParameters: ReturnType<typeof opus>) =>
      alice.refusal("produce", { transport: send, slot: "screen", kind, rtpParameters, audience: [] })
    expect(yield* produce("video", opus())).toMatchObject({ code: "invalid" })
    const unknown = { ...opus(), codecs: [{ ...opus().codecs[0]!, mimeType: "audio/unknown" }] }
    expect(yield* produce("audio", unknown)).toMatchObject({ code: "invalid", at: "rtpParameters" })
    const taken = opus()
    yield* alice.request("produce", { transport: send, slot: "screen", kind: "audio", rtpParameters: taken, audience: [] })
    expect(yield* produce("audio", taken)).toMatchObject({ code: "invalid", at: "rtpParameters" })
    const header = { uri: "urn:unknown" as never, id: 1 }
    expect(yield* produce("audio", { ...opus(), headerExtensions: [header] as never }))
      .toMatchObject({ code: "invalid", at: "rtpParameters.headerExtensions.0.uri" })
    expect(yield* bob.refusal("consume", { transport: receive, producer, rtpCapabilities: { codecs: [] } }))
      .toEqual({ code: "cannotConsume" })
    yield* alice.request("produce", { transport: send, slot: "camera", kind: "video", rtpParameters: simulcast(), audience: [] })
    yield* sendData(alice, send, ["bob"])
    expect(yield* alice.refusal("produceData", {
      transport: send, sctpStreamParameters: { streamId: 1 }, label: "", protocol: "", audience: []
    })).toMatchObject({ code: "invalid", at: "sctpStreamParameters" })
    yield* stillServes(server)
  }))

it.live("identical requests at the same time each get their reply, and no more than the limit is opened", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { bob, producer, receive, routerRtpCapabilities } = yield* call(server, "one")
    const all = yield* Effect.forEach(
      Array.from({ length: 20 }),
      () => Effect.result(bob.request("createTransport", { direction: "send" })),
      { concurrency: "unbounded" }
    )
    expect(all.filter(Result.isSuccess).length).toBe(3)
    expect(all.find(Result.isFailure)?.failure).toMatchObject({ refusal: { code: "tooMany", what: "transports", limit: 4 } })
    const ids = yield* Effect.forEach(
      Array.from({ length: 5 }),
      () => bob.request("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities }),
      { concurrency: "unbounded" }
    )
    expect(new Set(ids.map(({ consumer }) => consumer)).size).toBe(5)
    yield* stillServes(server)
  }))

it.live("rooms, peers, producers, data and audiences are limited", () =>
  Effect.gen(function*() {
    const server = yield* startServer({
      limits: { rooms: 2, peersPerRoom: 2, producers: 1, consumers: 1, dataProducers: 1, dataConsumers: 1, audience: 3 },
      emptyRoomMs: 10
    })
    const { alice, bob, producer, receive, routerRtpCapabilities, send } = yield* call(server, "one")
    const carol = yield* connect(server)
    expect(yield* carol.refusal("join", { room: "one", token: "carol" })).toEqual({ code: "tooMany", what: "peers in a room", limit: 2 })
    yield* carol.joined("two", "carol")
    const dave = yield* connect(server)
    expect(yield* dave.refusal("join", { room: "three", token: "dave" })).toEqual({ code: "tooMany", what: "rooms", limit: 2 })
    // Who is there already may come again.
    yield* dave.joined("two", "carol")
    expect(yield* alice.refusal("produce", {
      transport: send, slot: "camera", kind: "audio", rtpParameters: opus(), audience: []
    })).toMatchObject({ code: "tooMany", what: "producers" })
    expect(yield* bob.refusal("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities }))
      .toMatchObject({ code: "tooMany", what: "consumers" })
    expect(yield* alice.refusal("setAudience", { producer, audience: ["a", "b", "c", "d"] }))
      .toEqual({ code: "tooMany", what: "names in an audience", limit: 3 })
    const data = yield* sendData(alice, send, ["bob"])
    expect(yield* alice.refusal("produceData", {
      transport: send, sctpStreamParameters: { streamId: 2 }, label: "", protocol: "", audience: []
    })).toMatchObject({ code: "tooMany", what: "data producers" })
    yield* bob.request("consumeData", { transport: receive, producer: data })
    expect(yield* bob.refusal("consumeData", { transport: receive, producer: data })).toMatchObject({ code: "tooMany", what: "data consumers" })
    yield* dave.request("leave", {})
    yield* Effect.sleep(50)
    yield* stillServes(server)
  }))

it.live("a peer's own limits are those that the app gave it", () =>
  Effect.gen(function*() {
    const server = yield* startServer({
      authorise: ({ token = "x" }) => Effect.succeed({ peer: token, limits: token === "listener" ? { producers: 0 } : {} })
    })
    const listener = yield* connect(server)
    yield* listener.joined("one", "listener")
    const send = yield* transport(listener, "send")
    expect(yield* listener.refusal("produce", {
      transport: send, slot: "camera", kind: "audio", rtpParameters: opus(), audience: []
    })).toEqual({ code: "tooMany", what: "producers", limit: 0 })
    yield* stillServes(server)
  }))

it.live("a flood of requests is refused, and one of joins leaves one stay", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ limits: { requestsInFlight: 50, requestBurst: 200, requestsPerSecond: 10 } })
    const mallory = yield* connect(server)
    const flood = (count: number) =>
      Effect.forEach(
        Array.from({ length: count }),
        () => Effect.result(mallory.request("join", { room: "one", token: "mallory" })),
        { concurrency: "unbounded" }
      )
    const what = (results: Effect.Success<ReturnType<typeof flood>>) =>
      new Set(results.filter(Result.isFailure).map(({ failure }) => "refusal" in failure && "what" in failure.refusal && failure.refusal.what))
    expect(what(yield* flood(100))).toEqual(new Set(["requests without a reply"]))
    expect(what(yield* flood(200))).toContain("requests in a second")
    expect(yield* server.figures).toMatchObject({ peers: 1, rooms: 1 })
    yield* stillServes(server)
  }))

it.live("a flood of what is no request closes its connection", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ limits: { requestBurst: 20, requestsPerSecond: 1 } })
    const connection = yield* server.connect("mallory")
    for (let n = 0; n < 30; n += 1) {
      connection.receive("{")
    }
    const replies = yield* Stream.runCollect(connection.outgoing).pipe(Effect.timeout(1_000))
    expect(replies).toHaveLength(20)
    expect((yield* server.figures).connections).toBe(0)
    yield* stillServes(server)
  }))

it.live("a flood of requests that does not end closes its connection", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ limits: { requestBurst: 20, requestsPerSecond: 1 } })
    const connection = yield* server.connect("mallory")
    for (let id = 0; id < 1_000; id += 1) {
      connection.receive(JSON.stringify({ id, method: "sync" }))
    }
    const replies = yield* Stream.runCollect(connection.outgoing).pipe(Effect.timeout(1_000))
    expect(replies.length).toBeLessThanOrEqual(40)
    expect((yield* server.figures).connections).toBe(0)
    yield* stillServes(server)
  }))

it.live("there are no more connections than the limit", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ limits: { connections: 2 } })
    yield* Effect.scoped(Effect.gen(function*() {
      yield* connect(server)
      yield* connect(server)
      const third = yield* server.connect("mallory")
      expect(yield* Stream.runCollect(third.outgoing).pipe(Effect.timeout(1_000))).toEqual([])
      expect((yield* server.figures).connections).toBe(2)
    }))
    yield* stillServes(server)
  }))

it.live("a connection that is lost in the midst of any request leaves nothing behind after its time", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ graceMs: 20, emptyRoomMs: 20 })
    for (let turn = 0; turn < 12; turn += 1) {
      const { alice, bob, producer, receive, routerRtpCapabilities, send } = yield* call(server, `room${turn}`)
      const requests = [
        alice.request("createTransport", { direction: "send" }),
        alice.request("produce", { transport: send, slot: "camera", kind: "audio", rtpParameters: opus(), audience: ["bob"] }),
        alice.request("setAudience", { producer, audience: [] }),
        bob.request("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities }),
        alice.request("restartIce", { transport: send }),
        alice.request("join", { room: "other", token: "alice" })
      ]
      yield* Effect.forEach(requests, (request) => Effect.forkScoped(Effect.ignore(request)), { discard: true })
      for (let tick = 0; tick < turn; tick += 1) {
        yield* tick % 2 === 0 ? Effect.yieldNow : Effect.promise(() => new Promise(setImmediate))
      }
      yield* Effect.all([alice.drop, bob.drop])
    }
    yield* Effect.sleep(300)
    expect(yield* server.figures).toMatchObject({
      rooms: 0, peers: 0, transports: 0, producers: 0, consumers: 0, workers: [{ peers: 0 }], workerDeaths: 0
    })
    yield* stillServes(server)
  }))

it.live("a peer may be in a call with everybody in a full room, with channels besides", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { peersPerRoom } = defaultLimits
    const alice = yield* connect(server)
    yield* alice.joined("one", "alice")
    const send = yield* transport(alice, "send")
    // A trunk for each, and two channels.
    for (let stream = 0; stream < 3 * (peersPerRoom - 1); stream += 1) {
      yield* sendData(alice, send, ["bob"], stream)
    }
    yield* stillServes(server)
  }))
