/** The codecs that the mock's descriptions name, and in which order. For `mockSdp`, and for what is sent. */
import type { MediaIntent } from "@enigma-rtc/core"

/** A codec that the mock names in its descriptions. */
export type MockCodec = "opus" | "PCMU" | "VP8" | "VP9"

/** Payload types as browsers have them, or as RFC 3551 section 6 fixes them. */
const formats = {
  opus: { payloadType: "111", rtpmap: "opus/48000/2" },
  PCMU: { payloadType: "0", rtpmap: "PCMU/8000" },
  VP8: { payloadType: "96", rtpmap: "VP8/90000" },
  VP9: { payloadType: "98", rtpmap: "VP9/90000" }
} as const satisfies { readonly [C in MockCodec]: unknown }

/** What the mock can send and take, best first. */
export const mockCodecs = {
  audio: ["opus", "PCMU"],
  video: ["VP8", "VP9"]
} as const satisfies { readonly [K in "audio" | "video"]: ReadonlyArray<MockCodec> }

/** Those that the intent prefers first, in its order; the others as they are. */
export const preferred = (codecs: ReadonlyArray<MockCodec>, { preferCodec = [] }: MediaIntent): ReadonlyArray<MockCodec> => {
  const wanted = [preferCodec].flat().map((name) => name.toLowerCase())
  const rank = (codec: MockCodec) => {
    const i = wanted.indexOf(codec.toLowerCase())
    return i < 0 ? wanted.length : i
  }
  return codecs.toSorted((one, other) => rank(one) - rank(other))
}

/** The list of a section's `m=` line, and the attributes that it needs. */
export const writeCodecs = (codecs: ReadonlyArray<MockCodec>) => ({
  list: codecs.map((codec) => formats[codec].payloadType).join(" "),
  attributes: codecs.map((codec) => `a=rtpmap:${formats[codec].payloadType} ${formats[codec].rtpmap}`)
})

/** The codecs of a section's text that the mock knows, in the order of its `m=` line. */
export const codecsIn = (section: string, kind: "audio" | "video"): ReadonlyArray<MockCodec> => {
  const [, list = ""] = /^m=\S+ \S+ \S+ (.*?)\r?$/m.exec(section) ?? []
  const names = new Map([...section.matchAll(/^a=rtpmap:(\S+) ([^/\s]+)/gm)].map(([, type, name = ""]) => [type, name.toLowerCase()]))
  return list.split(" ").flatMap((type) => mockCodecs[kind].find((codec) => codec.toLowerCase() === names.get(type)) ?? [])
}
