import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { opusDuration } from "../../src/media/opusDuration.ts"

/** RFC 6716 section 3.1, table 2, in milliseconds. */
const table = [
  [10, 20, 40, 60], [10, 20, 40, 60], [10, 20, 40, 60], [10, 20], [10, 20],
  [2.5, 5, 10, 20], [2.5, 5, 10, 20], [2.5, 5, 10, 20], [2.5, 5, 10, 20]
].flat()

const milliseconds = (...bytes: ReadonlyArray<number>) => Result.getOrUndefined(Result.map(opusDuration(Uint8Array.from(bytes)), (samples) => samples / 48))

describe("The duration of an Opus packet", () => {
  it("is that of the RFC's table for every configuration and every number of frames", () => {
    table.forEach((frame, config) => {
      const toc = config << 3
      expect(milliseconds(toc)).toBe(frame)
      expect(milliseconds(toc | 4, 1, 2)).toBe(frame)
      expect(milliseconds(toc | 1, 1, 2)).toBe(2 * frame)
      expect(milliseconds(toc | 2, 1, 2)).toBe(2 * frame)
      for (let frames = 0; frames < 64; frames++) {
        const isLegal = frames > 0 && frames * frame <= 120
        // The two highest bits, VBR and padding, don't change the duration.
        for (const flags of [0, 0x40, 0x80, 0xc0]) expect(milliseconds(toc | 3, flags | frames)).toBe(isLegal ? frames * frame : undefined)
      }
    })
  })

  it("is a fault for an empty packet, a lone count byte and two unequal halves", () => {
    expect(milliseconds()).toBeUndefined()
    expect(milliseconds(0xfb)).toBeUndefined()
    expect(milliseconds(0xf9, 1)).toBeUndefined()
  })
})
