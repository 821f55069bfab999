import { describe, expect, it } from "@effect/vitest"
import { canonicalMimeType } from "../src/canonicalMimeType.ts"
import { codecOrder } from "../src/codecOrder.ts"

const opus = { mimeType: "audio/OPUS", clockRate: 48_000, payloadType: 111 }
const pcmu = { mimeType: "audio/PCMU", clockRate: 8_000, payloadType: 0 }
const pcma = { mimeType: "audio/PCMA", clockRate: 8_000, payloadType: 8 }
const all = [opus, pcmu, pcma]
const format = (mimeType: string, clockRate = 8_000) => ({ mimeType, clockRate })

describe("the order of codecs", () => {
  it("is their own when nobody wishes for another", () => {
    expect(codecOrder(all, { prefer: undefined, formats: [] })).toEqual(all)
    expect(codecOrder(all, { prefer: "G722", formats: [format("audio/G722")], offered: [9] })).toEqual(all)
  })
  it("is the preference, then the source's formats, then the rest; in an answer, in the offered order", () => {
    const formats = [format("audio/pcmu"), format("audio/opus", 48_000)]
    expect(codecOrder(all, { prefer: undefined, formats })).toEqual([pcmu, opus, pcma])
    expect(codecOrder(all, { prefer: "Opus", formats })).toEqual([opus, pcmu, pcma])
    expect(codecOrder(all, { prefer: ["pcma", "opus"], formats })).toEqual([pcma, opus, pcmu])
    expect(codecOrder(all, { prefer: undefined, formats: [], offered: [8, 111, 0] })).toEqual([pcma, opus, pcmu])
    expect(codecOrder(all, { prefer: undefined, formats: [format("audio/PCMU")], offered: [8, 111] })).toEqual([pcmu, pcma, opus])
    // The offerer prefers PCMA, and a source that could send it in any format has no reason to refuse.
    expect(codecOrder(all, { prefer: undefined, formats: [...formats, format("audio/PCMA")], offered: [8, 111, 0] })).toEqual([pcma, opus, pcmu])
    expect(codecOrder(all, { prefer: "pcmu", formats, offered: [8, 111, 0] })).toEqual([pcmu, opus, pcma])
  })
  it("does not take a codec of another clock rate for the source's", () => {
    expect(codecOrder(all, { prefer: undefined, formats: [format("audio/PCMA", 16_000)] })).toEqual(all)
  })
})

describe("a codec's name", () => {
  it("is told as it is registered, however the far end writes it, and an unknown one as it is written", () => {
    const written = ["audio/OPUS", "AUDIO/pcmu", "audio/pcma", "video/vp8", "video/Vp9", "video/h264", "video/AV1X"]
    expect(written.map(canonicalMimeType)).toEqual(["audio/opus", "audio/PCMU", "audio/PCMA", "video/VP8", "video/VP9", "video/H264", "video/AV1X"])
  })
})
