/** A stack's statistics as core's figures, in the units that their names say. */
import { expect, it } from "vitest"
import { type CountedStats, toCallStats } from "../../src/engine/toCallStats.ts"

const slotOf = (mid: string | undefined) => (mid === "0" ? "microphone" as const : undefined)

const read = (counted: CountedStats, ...entries: ReadonlyArray<{ readonly id: string; readonly [member: string]: unknown }>) =>
  toCallStats(new Map(entries.map((entry) => [entry.id, entry])), slotOf, counted)

const sent = (timestamp: number, bytesSent: number) =>
  ({ id: "out", type: "outbound-rtp", mid: "0", timestamp, packetsSent: 10, bytesSent, codecId: "codec", remoteId: "report" })

it("leaves out what the stack does not tell, and sections that no slot has", () => {
  const { received, sent: out, ...rest } = read(new Map(), { id: "in", type: "inbound-rtp", mid: "0", timestamp: 0 }, { id: "other", type: "outbound-rtp", mid: "9", timestamp: 0 })
  expect(received).toEqual([{ slot: "microphone", packets: 0, bytes: 0 }])
  expect(out).toEqual([])
  expect(rest).toEqual({})
})

it("tells bits per second from one asking to the next, and the last rate for the same statistics", () => {
  const counted: CountedStats = new Map()
  const rate = (timestamp: number, bytes: number) => read(counted, sent(timestamp, bytes)).sent[0]?.bitsPerSecond
  expect(rate(1_000, 5_000)).toBeUndefined()
  expect(rate(1_500, 6_000)).toBe(16_000)
  expect(rate(1_500, 6_000)).toBe(16_000)
  expect(rate(3_500, 6_000)).toBe(0)
})

it("tells of what is sent as the far end reports it, in milliseconds", () => {
  const { sent: [figures] } = read(
    new Map(),
    sent(0, 900),
    { id: "codec", type: "codec", mimeType: "audio/opus" },
    { id: "report", type: "remote-inbound-rtp", packetsLost: 3, jitter: 0.004, roundTripTime: 0.05 }
  )
  expect(figures).toEqual({ slot: "microphone", packets: 10, bytes: 900, mimeType: "audio/opus", packetsLost: 3, jitterMs: 4, roundTripTimeMs: 50 })
})

it("finds the path by the transport, and without one by the pair that is selected", () => {
  const ends = [
    { id: "l", type: "local-candidate", address: "192.0.2.1", port: 5_000, protocol: "udp", candidateType: "relay" },
    { id: "r", type: "remote-candidate", port: 6_000, protocol: "tcp", candidateType: "prflx" }
  ]
  const pair = { id: "p", type: "candidate-pair", localCandidateId: "l", remoteCandidateId: "r", currentRoundTripTime: 0.02 }
  const path = {
    local: { address: "192.0.2.1", port: 5_000, protocol: "udp", type: "relay" },
    remote: { address: "", port: 6_000, protocol: "tcp", type: "prflx" }
  }
  const chromium = read(new Map(), ...ends, pair, { id: "t", type: "transport", selectedCandidatePairId: "p" })
  expect(chromium).toMatchObject({ path, roundTripTimeMs: 20 })
  expect(read(new Map(), ...ends, { ...pair, selected: true })).toMatchObject({ path })
  expect(read(new Map(), ...ends, { ...pair, selected: false }).path).toBeUndefined()
})
