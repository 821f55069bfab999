/** A server that is broken, slow or away: whoever stays in a room is told in time, and nothing crashes. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Queue from "effect/Queue"
import { expect, it } from "vitest"
import type { SfuNotification } from "../src/protocol.ts"
import { SfuRefused, type SfuSignaling, SfuUnreachable } from "../src/SfuSignaling.ts"
import { openStays, type StayListener } from "../src/Stay.ts"

const welcome = { peer: "alice", resume: "secret", resumed: false, peers: [], routerRtpCapabilities: {} }
const nobody: StayListener = { began: () => {}, resumed: () => {}, lost: () => {}, over: () => {}, notified: () => {} }

/** A server that replies as it is told to, without regard for the protocol. */
const serverOf = (reply: (method: string, request: object) => Effect.Effect<unknown, SfuRefused | SfuUnreachable>, notifications: SfuSignaling["notifications"] = Stream.never): SfuSignaling => ({
  // Whatever it is.
  request: ((method: string, request: object) => reply(method, request)) as SfuSignaling["request"],
  notifications
})
const stay = (signaling: SfuSignaling, listener: StayListener = nobody) => openStays({ room: "r", token: undefined, signaling }, listener)

it.each([
  null, 5, "text", {}, { ...welcome, peer: "a b" }, { ...welcome, peer: "a\r\na=evil" }, { ...welcome, resume: 5 }, { ...welcome, peers: "bob" },
  { ...welcome, peers: [null] }, { ...welcome, routerRtpCapabilities: null }
])("a room whose server replies %j to a join is not joined, with an error", async (reply) => {
  const error = await Effect.runPromise(Effect.scoped(Effect.flip(stay(serverOf(() => Effect.succeed(reply))))).pipe(Effect.timeout(2_000)))
  expect(error).toMatchObject({ _tag: "SfuUnreachable", method: "join" })
})

it.each([undefined, null, "no", {}])("nor one whose server refuses with %j", async (refusal) => {
  const refused = new SfuRefused({ method: "join", refusal: refusal as never })
  const error = await Effect.runPromise(Effect.scoped(Effect.flip(stay(serverOf(() => Effect.fail(refused))))).pipe(Effect.timeout(2_000)))
  expect(error).toMatchObject({ _tag: "SfuUnreachable", method: "join" })
})

it("nor one whose signaling throws", async () => {
  const error = await Effect.runPromise(Effect.scoped(Effect.flip(stay(serverOf(() => Effect.die("no socket"))))).pipe(Effect.timeout(2_000)))
  expect(error).toMatchObject({ _tag: "SfuUnreachable", method: "join" })
})

it("nor one whose token never comes", async () => {
  const signaling = serverOf(() => Effect.succeed(welcome))
  const joining = openStays({ room: "r", token: () => new Promise(() => {}), signaling }, nobody)
  const error = await Effect.runPromise(Effect.scoped(Effect.flip(joining)).pipe(Effect.timeout(9_000)))
  expect(error).toMatchObject({ _tag: "SfuUnreachable", method: "join" })
}, 10_000)

it("a reply of the wrong shape rejects its request", async () => {
  const signaling = serverOf((method) => Effect.succeed(method === "join" ? welcome : method === "produceData" ? { producer: "a b" } : null))
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const { request } = yield* stay(signaling)
    for (const method of ["sync", "produceData", "leave"] as const) {
      const error = yield* Effect.flip(Effect.tryPromise({ try: () => request(method, {}), catch: (cause) => cause }))
      expect(error).toMatchObject({ _tag: "SfuUnreachable", method })
    }
  })))
})

it("three hundred requests at once are no flood, and all are replied to", async () => {
  let [now, most] = [0, 0]
  const signaling = serverOf((method) =>
    method === "join" ? Effect.succeed(welcome) : Effect.gen(function*() {
      most = Math.max(most, ++now)
      yield* Effect.sleep(1)
      now -= 1
      return { producer: "p" }
    }))
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const { request } = yield* stay(signaling)
    yield* Effect.promise(() => Promise.all(Array.from({ length: 300 }, () => request("produce", {} as never))))
  })))
  expect(most).toBe(64)
})

it("what a server has no time to close is closed a little later", async () => {
  let asked = 0
  const signaling = serverOf((method) =>
    method === "join" ? Effect.succeed(welcome)
    : asked++ > 0 ? Effect.succeed({})
    : Effect.fail(new SfuRefused({ method: "closeProducer", refusal: { code: "tooMany", what: "requests in a second", limit: 100 } })))
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const { tidy } = yield* stay(signaling)
    tidy("closeProducer", { producer: "p" })
    yield* Effect.sleep(1_900)
    expect(asked).toBe(2)
  })))
})

it("what could not be closed while the server was away is closed when the stay goes on", async () => {
  let isAway = false
  const closed: Array<unknown> = []
  let queue = Effect.runSync(Queue.unbounded<SfuNotification, Cause.Done>())
  const signaling = serverOf(
    (method, request) => {
      if (isAway) return Effect.fail(new SfuUnreachable({ method: method as never }))
      if (method.startsWith("close")) closed.push(request)
      if (method === "sync") return Effect.succeed({ peers: [], transports: [], dataProducers: [], consumers: [], dataConsumers: [] })
      return Effect.succeed({ ...welcome, resumed: "resume" in request })
    },
    Stream.suspend(() => Stream.fromQueue(queue))
  )
  let resumed = 0
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const { tidy } = yield* stay(signaling, { ...nobody, resumed: () => resumed++ })
    isAway = true
    tidy("closeTransport", { transport: "t" })
    tidy("closeConsumer", { consumer: "c" })
    yield* Effect.sleep(20)
    expect(closed).toEqual([])
    const lost = queue
    queue = yield* Queue.unbounded<SfuNotification, Cause.Done>()
    isAway = false
    Queue.endUnsafe(lost)
    yield* Effect.sleep(600)
    expect(resumed).toBe(1)
    expect(closed).toEqual([{ transport: "t" }, { consumer: "c" }])
  })))
})
