import { readFileSync } from "node:fs"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { dePacketizeRtpPackets, RtpHeader, RtpPacket, Vp8RtpPayload, Vp9RtpPayload } from "werift"
import { videoClip } from "../../src/media/ivfFile.ts"
import { maxPayload, packetizeAudio, packetizeVp8, packetizeVp9 } from "../../src/media/packetize.ts"
import type { RtpFrame } from "../../src/media/RtpSource.ts"
import { seeded } from "./seeded.ts"
import { vp8Delta, vp8Key } from "./writeIvf.ts"

const clip = (name: string) => Result.getOrThrow(videoClip(readFileSync(new URL(`../../media/${name}`, import.meta.url))))
const toWerift = ({ marker, payload, timestamp }: RtpFrame) => new RtpPacket(new RtpHeader({ marker, timestamp }), Buffer.from(payload))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex")

describe.each([
  { codec: "VP8", name: "picture-vp8.ivf", read: Vp8RtpPayload },
  { codec: "VP9", name: "picture-vp9.ivf", read: Vp9RtpPayload }
] as const)("$codec over RTP", ({ codec, name, read }) => {
  it("comes out of werift's depacketizer as it went in, with its key frames", () => {
    const { frames, packetize } = clip(name)
    frames.forEach(({ data, isKey }, index) => {
      const packets = packetize(data, index, index)
      const depacketized = dePacketizeRtpPackets(codec, packets.map(toWerift))
      expect(hex(depacketized.data)).toBe(hex(data))
      expect(depacketized.isKeyframe).toBe(isKey)
    })
  })

  it("marks the first and the last packet of a frame of any size, and keeps to the limit", () => {
    const random = seeded(`${codec} sizes`)
    const packetize = codec === "VP8" ? packetizeVp8 : packetizeVp9
    for (const size of [1, 10, 1195, 1196, 1197, 1198, 2392, 2394, ...Array.from({ length: 200 }, () => 1 + random.below(20_000))]) {
      const frame = random.bytes(size)
      const packets = packetize(frame, 3000, 5)
      const parsed = packets.map(({ payload }) => read.deSerialize(Buffer.from(payload)))
      expect(packets.map(({ marker }) => marker)).toEqual(packets.map((_, index) => index === packets.length - 1))
      expect(parsed.map((part) => !!part.isPartitionHead)).toEqual(packets.map((_, index) => index === 0))
      expect(packets.every(({ payload, timestamp }) => payload.length <= maxPayload && timestamp === 3000)).toBe(true)
      expect(parsed.map(({ payload }) => hex(payload)).join("")).toBe(hex(frame))
    }
  })

  it("numbers frames with 15 bits that wrap", () => {
    const { frames, packetize } = clip(name)
    const id = (pictureId: number) => packetize(frames[0]!.data, 0, pictureId).map(({ payload }) => read.deSerialize(Buffer.from(payload)).pictureId)
    for (const pictureId of [0, 127, 128, 255, 256, 32767]) expect(new Set(id(pictureId))).toEqual(new Set([pictureId]))
    expect(new Set(id(32768))).toEqual(new Set([0]))
  })
})

describe("The VP8 payload header", () => {
  it("has X, S on the first packet only, and I with M (RFC 7741 section 4.2)", () => {
    expect(packetizeVp8(vp8Key, 0, 0x1234).map(({ payload }) => hex(payload.subarray(0, 4)))).toEqual(["90809234"])
    expect(packetizeVp8(new Uint8Array(2000), 0, 1).map(({ payload }) => hex(payload.subarray(0, 4)))).toEqual(["90808001", "80808001"])
    expect(packetizeVp8(vp8Delta, 0, 0)).toHaveLength(1)
  })
})

describe("The VP9 payload header", () => {
  it("has I, B, E and M, and P on predicted frames only (RFC 9628 section 4.2)", () => {
    const first = (frame: Uint8Array) => packetizeVp9(frame, 0, 0x1234).map(({ payload }) => hex(payload.subarray(0, 3)))
    expect(first(Uint8Array.of(0b10_00_0_0_1_0))).toEqual(["8c9234"])
    expect(first(Uint8Array.of(0b10_00_0_1_1_0))).toEqual(["cc9234"])
    // A frame that only shows an old one, and profile 3, whose header has a bit more.
    expect(first(Uint8Array.of(0b10_00_1_0_0_0))).toEqual(["cc9234"])
    expect(first(Uint8Array.of(0b10_11_0_0_0_1))).toEqual(["8c9234"])
    expect(first(Uint8Array.of(0b10_11_0_0_1_0))).toEqual(["cc9234"])
    const long = new Uint8Array(3000).fill(0x86)
    expect(first(long)).toEqual(["c89234", "c09234", "c49234"])
  })
})

describe("Audio over RTP", () => {
  it.each(["OPUS", "PCMU", "PCMA"] as const)("carries one frame of %s in one packet, without a marker", (codec) => {
    const frame = Uint8Array.of(0xf8, 1, 2, 3)
    const packets = packetizeAudio(frame, 960, 0)
    expect(packets).toEqual([{ payload: frame, timestamp: 960, marker: false }])
    expect(hex(dePacketizeRtpPackets(codec, packets.map(toWerift)).data)).toBe(hex(frame))
  })
})
