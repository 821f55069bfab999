import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { call, connect, startServer, until } from "./rig.ts"

it.live("rooms go to the worker with the fewest peers", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ workers: 2 })
    yield* call(server, "one")
    yield* call(server, "two")
    const { workers } = yield* server.figures
    expect(workers.map(({ peers }) => peers)).toEqual([2, 2])
  }))

it.live("when a worker dies its peers are told, join again at once on a live one, and the dead one is replaced", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ workers: 2 })
    const { alice, bob } = yield* call(server, "one")
    const other = yield* call(server, "two")
    const before = (yield* server.figures).workers
    process.kill(before[0]!.pid!, "SIGKILL")
    yield* alice.hears("ended", ({ why }) => why === "workerDied")
    yield* bob.hears("ended", ({ why }) => why === "workerDied")
    expect(yield* alice.refusal("sync", {})).toMatchObject({ code: "wrongState" })
    yield* alice.joined("one", "alice")
    expect((yield* bob.joined("one", "bob")).peers).toEqual(["alice"])
    expect((yield* server.figures).workers[1]).toMatchObject({ pid: before[1]!.pid, peers: 4 })
    expect(other.alice.told.map(({ event }) => event)).toEqual(["peerJoined"])
    yield* call(server, "three")
    let pid: number | undefined
    yield* Effect.forkScoped(Effect.forever(Effect.flatMap(server.figures, ({ workers }) => {
      pid = workers[0]!.pid
      return Effect.sleep(10)
    })))
    yield* until("it is replaced", () => pid !== undefined && pid !== before[0]!.pid)
    yield* call(server, "four")
    expect(yield* server.figures).toMatchObject({ workerDeaths: 1, workers: [{ peers: 2 }, { peers: 6 }] })
  }))

it.live("a worker listens at every address that is named, and clients are told all of them", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ listen: { ip: ["127.0.0.1", "127.0.0.2"] } })
    const alice = yield* connect(server)
    yield* alice.joined("one", "alice")
    const { iceCandidates } = yield* alice.request("createTransport", { direction: "send" })
    expect(iceCandidates.map(({ address, protocol }) => `${address} ${protocol}`))
      .toEqual(["127.0.0.1 udp", "127.0.0.1 tcp", "127.0.0.2 udp", "127.0.0.2 tcp"])
  }))

it.live("while no worker lives joins are unavailable, and later they are not", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice } = yield* call(server, "one")
    process.kill((yield* server.figures).workers[0]!.pid!, "SIGKILL")
    yield* alice.hears("ended")
    expect(yield* alice.refusal("join", { room: "one", token: "alice" })).toEqual({ code: "unavailable" })
    yield* Effect.retry(alice.request("join", { room: "one", token: "alice" }), { times: 100, while: () => Effect.as(Effect.sleep(20), true) })
    yield* call(server, "one")
  }))

it.live("a worker that hangs makes requests unavailable, in a limited time, and what comes late is tidied up", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ limits: { requestMs: 200 } })
    const { alice, bob, producer, receive, routerRtpCapabilities } = yield* call(server, "one")
    const { pid } = (yield* server.figures).workers[0]!
    process.kill(pid!, "SIGSTOP")
    yield* Effect.ensuring(
      Effect.gen(function*() {
        expect(yield* bob.refusal("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities }))
          .toEqual({ code: "unavailable" })
        expect(yield* alice.refusal("createTransport", { direction: "send" })).toEqual({ code: "unavailable" })
        // No worker is needed for these.
        yield* bob.request("sync", {})
        yield* bob.request("leave", {})
      }),
      Effect.sync(() => process.kill(pid!, "SIGCONT"))
    )
    yield* connect(server).pipe(Effect.andThen((client) => client.joined("one", "carol")))
    yield* Effect.sleep(100)
    expect(yield* server.figures).toMatchObject({ consumers: 0, transports: 2 })
  }))

it.live("a worker that hangs for too long is killed, and what it carried moves", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ workerAnswerMs: 100 })
    const { alice } = yield* call(server, "one")
    process.kill((yield* server.figures).workers[0]!.pid!, "SIGSTOP")
    yield* alice.hears("ended", ({ why }) => why === "workerDied")
    yield* Effect.retry(alice.request("join", { room: "one", token: "alice" }), { times: 100, while: () => Effect.as(Effect.sleep(20), true) })
    yield* call(server, "one")
  }))

it.live("a server stops though a worker hangs", () =>
  Effect.gen(function*() {
    const pid = yield* Effect.scoped(Effect.gen(function*() {
      const { pid } = (yield* (yield* startServer()).figures).workers[0]!
      process.kill(pid!, "SIGSTOP")
      return pid!
    })).pipe(Effect.timeout(4_000))
    expect(() => process.kill(pid, 0)).toThrow()
  }))

it.live("without the worker's binary a server does not start, and says why", () =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(startServer({ workerSettings: { workerBin: "/nowhere/mediasoup-worker" } }))
    expect(error.message).toContain("ENOENT")
  }))
