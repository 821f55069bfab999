import { once } from "node:events"
import { existsSync } from "node:fs"
import * as mediasoup from "mediasoup"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { mediasoupVersion, workerPath } from "../src/worker.ts"

const limit = 10_000
const opus = { kind: "audio", mimeType: "audio/opus", clockRate: 48_000, channels: 2 } as const

describe("the installed worker", () => {
  let worker: mediasoup.types.Worker

  beforeAll(async () => {
    if (!existsSync(workerPath)) throw new Error(`There is no ${workerPath}: run \`npm run mediasoup-worker\`.`)
    worker = await mediasoup.createWorker({ logLevel: "error" })
  }, limit)
  afterAll(() => worker?.close())

  it("is the one that mediasoup starts, of the same version", () => {
    expect(mediasoup.workerBin).toBe(workerPath)
    expect(mediasoup.version).toBe(mediasoupVersion)
  })

  it("opens a router and a transport on loopback, and closes them with it", { timeout: limit }, async () => {
    const router = await worker.createRouter({ mediaCodecs: [opus] })
    const transport = await router.createWebRtcTransport({ listenInfos: [{ protocol: "udp", ip: "127.0.0.1" }] })
    expect(transport.iceCandidates).toMatchObject([{ ip: "127.0.0.1", protocol: "udp", type: "host" }])
    expect(transport.dtlsParameters.fingerprints.map(({ algorithm }) => algorithm)).toContain("sha-256")
    transport.close()
    const after = await router.dump()
    expect(after.transportIds).toEqual([])
    router.close()
    expect(transport.closed && router.closed).toBe(true)
  })

  // Two workers: a producer keeps its id through a pipe, and ids are a worker's own.
  it("sends RTP encrypted to another one, which decrypts it", { timeout: limit }, async () => {
    const other = await mediasoup.createWorker({ logLevel: "error" })
    onTestFinished(() => other.close())
    const [from, to] = await Promise.all([worker, other].map((each) => each.createRouter({ mediaCodecs: [opus] })))
    if (from === undefined || to === undefined) throw new Error("unreachable")
    const source = await from.createDirectTransport()
    const producer = await source.produce({
      kind: "audio",
      rtpParameters: { mid: "0", codecs: [{ mimeType: "audio/opus", payloadType: 100, clockRate: 48_000, channels: 2 }], encodings: [{ ssrc: 1_234 }] }
    })
    const { pipeProducer } = await from.pipeToRouter({
      producerId: producer.id,
      router: to,
      listenInfo: { protocol: "udp", ip: "127.0.0.1" },
      enableSrtp: true
    })
    const sink = await to.createDirectTransport()
    const consumer = await sink.consume({ producerId: pipeProducer?.id ?? "", rtpCapabilities: to.rtpCapabilities })
    const arrived = once(consumer, "rtp") as Promise<[Buffer]>
    const payload = Buffer.from("twenty milliseconds of opus")
    // RFC 3550, section 5.1: version 2, payload type 100, sequence number 1, timestamp 1, the SSRC above.
    producer.send(Buffer.concat([Buffer.from([0x80, 100, 0, 1, 0, 0, 0, 1, 0, 0, 0x04, 0xd2]), payload]))
    const [packet] = await arrived
    expect(packet.subarray(-payload.length)).toEqual(payload)
  })
})
