/** Whatever text comes, each gets one reply, and the server goes on. `SEED` and `RUNS` say which, and how many. */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { hostileText, seeded } from "./hostileText.ts"
import { call, dtlsParameters, opus, sendData, simulcast, startServer, until } from "./rig.ts"

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env["RUNS"] ?? 2_000)

it.live(`hostile text gets one reply each, and harms nobody (SEED=${seed} RUNS=${runs})`, () =>
  Effect.gen(function*() {
    const limits = { transports: 1_000, producers: 1_000, consumers: 10_000, dataProducers: 1_000, dataConsumers: 10_000 }
    const server = yield* startServer({
      limits: { ...limits, requestsPerSecond: 1e9, requestBurst: 1e9, outgoing: 1e6, requestsInFlight: 1e6 }
    })
    const { alice, bob, producer, routerRtpCapabilities } = yield* call(server, "one")
    const { transport: bobSends } = yield* bob.request("createTransport", { direction: "send" })
    const data = yield* sendData(bob, bobSends, ["alice"])
    yield* bob.request("leave", {})

    // One client, with things of its own for its requests to be about.
    const connection = yield* server.connect("someone")
    const replies = new Map<number | null, number>()
    const refused = new Map<string, number>()
    let own: { transport?: string; producer?: string; consumer?: string } = {}
    yield* Effect.forkScoped(Stream.runForEach(connection.outgoing, (text) =>
      Effect.sync(() => {
        const frame = JSON.parse(text) as { id?: number | null; ok?: typeof own; refused?: { code: string } }
        if (frame.id !== undefined) {
          replies.set(frame.id, (replies.get(frame.id) ?? 0) + 1)
          own = { ...own, ...frame.ok }
        }
        const word = frame.refused?.code ?? "ok"
        refused.set(word, (refused.get(word) ?? 0) + 1)
      })))
    const replied = () => [...replies.values()].reduce((sum, count) => sum + count, 0)
    const say = (frame: object) => connection.receive(JSON.stringify(frame))
    const random = seeded(seed)
    // Far from the numbers that hostile text has in it.
    const first = 1_000_000
    let sent = first
    const setUp = [
      { method: "join", room: "one", token: "mallory" },
      { method: "createTransport", direction: "receive" }
    ]
    const settled = until("every text has its reply", () => replied() === sent - first)
    for (let round = 0; round < runs / 50; round += 1) {
      for (const frame of setUp) {
        say({ ...frame, id: sent++ })
      }
      yield* settled
      const toReceive = own.transport!
      say({ id: sent++, method: "createTransport", direction: "send" })
      yield* settled
      const transport = own.transport!
      say({ id: sent++, method: "produce", transport, slot: "microphone", kind: "audio", rtpParameters: opus(), audience: ["alice"] })
      say({ id: sent++, method: "consume", transport: toReceive, producer, rtpCapabilities: routerRtpCapabilities })
      yield* settled
      const requests = (id: number) => [
        { id, method: "join", room: "one", token: "mallory", resume: "x" },
        { id, method: "createTransport", direction: "send" },
        { id, method: "connectTransport", transport, dtlsParameters },
        { id, method: "restartIce", transport },
        { id, method: "produce", transport, slot: "microphone", kind: "audio", rtpParameters: opus(), audience: ["alice"] },
        {
          id, method: "produce", transport, slot: "camera", kind: "video", audience: [],
          rtpParameters: {
            ...simulcast(),
            headerExtensions: [{ uri: "urn:ietf:params:rtp-hdrext:sdes:mid", id: 1, encrypt: false, parameters: { a: 1 } }],
            encodings: [{ ssrc: 1, rid: "a", dtx: true, maxBitrate: 1, scalabilityMode: "L1T3", rtx: { ssrc: 2 } }]
          }
        },
        {
          id, method: "produceData", transport, label: "l", protocol: "p", audience: ["alice"],
          sctpStreamParameters: { streamId: sent % 65_000, ordered: false, maxRetransmits: 1 }
        },
        { id, method: "setAudience", producer: own.producer, audience: ["alice", "bob"] },
        { id, method: "consume", transport: toReceive, producer, rtpCapabilities: routerRtpCapabilities },
        { id, method: "consumeData", transport: toReceive, producer: data },
        { id, method: "setConsumer", consumer: own.consumer, paused: false, layers: { spatial: 1, temporal: 1 } },
        { id, method: "closeConsumer", consumer: own.consumer }
      ]
      for (let n = 0; n < 50; n += 1) {
        connection.receive(hostileText(random, requests(sent)))
        sent += 1
      }
      yield* settled
    }
    expect([...replies].filter(([id, count]) => count !== 1 && (id ?? 0) >= first && (id ?? 0) < sent)).toEqual([])
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
    expect(refused.get("unavailable") ?? 0).toBe(0)
    expect(refused.get("ok")).toBeGreaterThan(0)
    expect(refused.get("invalid")).toBeGreaterThan(runs / 4)
    expect(yield* server.figures).toMatchObject({ workerDeaths: 0 })
    expect((yield* alice.request("sync", {})).transports.length).toBe(1)
    yield* call(server, "two")
    yield* connection.close
  }), 60_000)
