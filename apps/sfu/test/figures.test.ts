import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { call, sendData, startServer, transport } from "./rig.ts"

it.live("the figures say what there is, and what was refused", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ workers: 2 })
    const { alice, bob, receive, send } = yield* call(server, "one")
    const producer = yield* sendData(alice, send, ["bob"])
    yield* bob.request("consumeData", { transport: receive, producer })
    yield* alice.refusal("restartIce", { transport: "none" })
    const figures = yield* server.figures
    expect(figures).toMatchObject({
      connections: 2, rooms: 1, peers: 2, transports: 2, producers: 1, consumers: 1, dataProducers: 1, dataConsumers: 1,
      workerDeaths: 0, requests: 10, refusals: { notFound: 1, invalid: 0 }, slowReaders: 0
    })
    expect(figures.workers).toHaveLength(2)
    expect(figures.workers[0]!.maxRssKiB).toBeGreaterThan(1_000)
    const text = yield* server.metricsText
    expect(text).toContain("# TYPE sfu_data_consumers gauge\nsfu_data_consumers 1\n")
    expect(text).toContain('sfu_refusals_total{code="notFound"} 1\n')
    expect(text).toContain('sfu_worker_peers{worker="0"} 2\n')
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(/^(# TYPE sfu_\w+ (counter|gauge)|sfu_\w+(\{\w+="\w+"\})? [\d.]+)$/)
    }
    // Closed things count no more.
    yield* alice.request("closeTransport", { transport: send })
    expect(yield* server.figures).toMatchObject({ transports: 1, producers: 0, consumers: 0, dataProducers: 0, dataConsumers: 0 })
  }))

it.live("transports listen where the server was told to", () =>
  Effect.gen(function*() {
    const candidates = (listen: object) =>
      Effect.scoped(Effect.gen(function*() {
        const server = yield* startServer({ listen })
        const { alice } = yield* call(server, "one")
        const first = yield* alice.request("createTransport", { direction: "send" })
        const second = yield* alice.request("createTransport", { direction: "receive" })
        yield* transport(alice, "send")
        return [...first.iceCandidates, ...second.iceCandidates]
      }))
    const byDefault = yield* candidates({})
    expect(byDefault.map(({ protocol }) => protocol)).toEqual(["udp", "tcp", "udp", "tcp"])
    expect(new Set(byDefault.map(({ address }) => address))).toEqual(new Set(["127.0.0.1"]))
    // One port for a worker.
    expect(new Set(byDefault.filter(({ protocol }) => protocol === "udp").map(({ port }) => port)).size).toBe(1)
    const [udp, tcp] = byDefault
    expect(udp!.priority).toBeGreaterThan(tcp!.priority)
    const without = yield* candidates({ enableTcp: false, announcedAddress: "sfu.example", ports: { min: 41_000, max: 41_999 } })
    expect(without.map(({ protocol }) => protocol)).toEqual(["udp", "udp"])
    expect(new Set(without.map(({ address }) => address))).toEqual(new Set(["sfu.example"]))
    expect(new Set(without.map(({ port }) => port)).size).toBe(2)
    expect(without.every(({ port }) => port >= 41_000 && port <= 41_999)).toBe(true)
    expect((yield* candidates({ port: 42_100, enableTcp: false })).map(({ port }) => port)).toEqual([42_100, 42_100])
  }))
