import { describe, expect, it } from "vitest"
import { encodeALaw, encodeMuLaw } from "../../src/media/g711.ts"

// The decoders of ITU-T G.711, tables 2a and 1a, in samples of 16 bits.
const decodeMuLaw = (code: number) => {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7)) - 132
  return (bits & 0x80) !== 0 ? -magnitude : magnitude
}
const decodeALaw = (code: number) => {
  const bits = code ^ 0x55
  const segment = (bits >> 4) & 7
  const mantissa = ((bits & 0x0f) << 4) + 8
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1)
  return (bits & 0x80) !== 0 ? magnitude : -magnitude
}

describe.each([
  { law: "μ-law", encode: encodeMuLaw, decode: decodeMuLaw, ends: { silence: 0xff, loudest: 0x80, lowest: 0x00 }, halfStep: (size: number) => (size + 132) / 32, clips: 32635 },
  { law: "A-law", encode: encodeALaw, decode: decodeALaw, ends: { silence: 0xd5, loudest: 0xaa, lowest: 0x2a }, halfStep: (size: number) => Math.max(8, size / 32), clips: 32768 }
])("$law", ({ clips, decode, encode, ends, halfStep }) => {
  it("has the standard's values for silence and for both ends", () => {
    expect({ silence: encode(0), loudest: encode(32767), lowest: encode(-32768) }).toEqual(ends)
  })

  it("gives every code back that it is decoded from", () => {
    for (let code = 0; code < 256; code++) {
      // μ-law has two zeros; both are encoded as the positive one.
      if (decode(code) !== 0) expect(encode(decode(code))).toBe(code)
    }
  })

  it("is within half a step of every sample", () => {
    let worst = 0
    for (let sample = -clips; sample < clips; sample++) {
      worst = Math.max(worst, Math.abs(decode(encode(sample)) - sample) / halfStep(Math.abs(sample)))
    }
    expect(worst).toBeLessThanOrEqual(1)
  })
})
