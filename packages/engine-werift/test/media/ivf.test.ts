import { readFileSync } from "node:fs"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { readIvf } from "../../src/media/ivf.ts"
import { videoClip } from "../../src/media/ivfFile.ts"
import { seeded } from "./seeded.ts"
import { vp8Delta, vp8Key, writeIvf } from "./writeIvf.ts"

const asset = (name: string) => readFileSync(new URL(`../../media/${name}`, import.meta.url))
const fault = (result: Result.Result<unknown, { readonly detail: string }>) =>
  Result.isFailure(result) ? result.failure.detail : "no fault"
const changed = (file: Uint8Array, at: number, ...bytes: ReadonlyArray<number>) => {
  const copy = Uint8Array.from(file)
  copy.set(bytes, at)
  return copy
}

describe("IVF", () => {
  it.each([["picture-vp8.ivf", "VP80"], ["picture-vp9.ivf", "VP90"]])("reads %s as 3 s of 15 frames a second", (name, fourcc) => {
    const { frames, ...header } = Result.getOrThrow(readIvf(asset(name)))
    expect(header).toEqual({ fourcc, width: 320, height: 180, rate: 15, scale: 1 })
    expect(frames.map(({ time }) => time)).toEqual(Array.from({ length: 45 }, (_, index) => index))
  })

  it.each(["picture-vp8.ivf", "picture-vp9.ivf"])("finds a key frame each second in %s, and 90 kHz times", (name) => {
    const { frames, length } = Result.getOrThrow(videoClip(asset(name)))
    expect(frames.flatMap(({ isKey }, index) => (isKey ? [index] : []))).toEqual([0, 15, 30])
    expect(frames.map(({ at }) => at)).toEqual(Array.from({ length: 45 }, (_, index) => index * 6000))
    expect(length).toBe(270000)
  })

  it("gives back whatever frames were written", () => {
    const random = seeded("ivf frames")
    for (let round = 0; round < 200; round++) {
      let time = 0
      const frames = Array.from({ length: 1 + random.below(20) }, () => ({ data: random.bytes(1 + random.below(50)), time: time += 1 + random.below(2 ** 20) }))
      const read = Result.getOrThrow(readIvf(writeIvf(frames)))
      expect(read.frames.map(({ data, time }) => ({ data: Uint8Array.from(data), time }))).toEqual(frames)
    }
  })

  it("gives a fault, or the whole frames before it, for a file cut anywhere", () => {
    const file = asset("picture-vp9.ivf")
    for (let length = 0; length < file.length; length += length < 10_000 ? 1 : 37) {
      const read = readIvf(file.subarray(0, length))
      if (Result.isSuccess(read)) expect(read.success.frames.length).toBeLessThan(45)
      else expect(read.failure.detail).toMatch(/ at byte \d+: expected /)
    }
  })

  it("answers random bytes and random damage within bounds", () => {
    const random = seeded("ivf garbage")
    const file = asset("picture-vp8.ivf").subarray(0, 12_000)
    for (let round = 0; round < 2000; round++) {
      expect(fault(readIvf(random.bytes(random.below(200))))).not.toBe("no fault")
      const damaged = changed(file, random.below(file.length - 8), ...random.bytes(8))
      const clip = videoClip(damaged)
      if (Result.isSuccess(clip)) expect(clip.success.frames.length).toBeLessThan(file.length / 13)
    }
  })

  it("says what is wrong and where", () => {
    const file = writeIvf([{ data: vp8Key, time: 0 }, { data: vp8Delta, time: 1 }])
    expect(fault(readIvf(file.subarray(0, 31)))).toBe("IVF header at byte 0: expected 32 bytes, found 31")
    expect(fault(readIvf(changed(file, 0, 0)))).toBe("IVF signature at byte 0: expected DKIF")
    expect(fault(readIvf(changed(file, 4, 1)))).toBe("IVF version at byte 4: expected 0")
    expect(fault(readIvf(changed(file, 6, 31)))).toContain("IVF header length at byte 6")
    expect(fault(readIvf(changed(file, 6, 255, 255)))).toContain("IVF header length at byte 6")
    expect(fault(readIvf(changed(file, 16, 0)))).toContain("IVF time base at byte 16")
    expect(fault(readIvf(changed(file, 20, 0)))).toContain("IVF time base at byte 16")
    expect(fault(readIvf(changed(file, 32, 0)))).toContain("IVF frame length at byte 32")
    expect(fault(readIvf(changed(file, 32, 255, 255, 255, 255)))).toContain("IVF frame length at byte 32")
    expect(fault(readIvf(file.subarray(0, 32)))).toBe("IVF file at byte 32: expected at least one frame")
    expect(fault(readIvf(changed(file, 58, 0)))).toContain("IVF frame time at byte 58: expected more than the 0")
  })
})

describe("A clip of an IVF file", () => {
  it("is refused for another codec, with the list of those that it can be", () => {
    expect(fault(videoClip(writeIvf([{ data: vp8Key, time: 0 }], { fourcc: "AV01" })))).toBe("IVF codec \"AV01\" at byte 8: expected one of VP80, VP90")
    expect(fault(videoClip(writeIvf([{ data: vp8Key, time: 0 }], { fourcc: "toSt" })))).toContain("expected one of VP80, VP90")
  })

  it("is refused when it does not begin with a key frame", () => {
    expect(fault(videoClip(writeIvf([{ data: vp8Delta, time: 0 }])))).toContain("a key frame first")
  })

  it("is refused with times that no clock can keep", () => {
    const clip = (times: ReadonlyArray<number | bigint>, rate: number, scale = 1) =>
      fault(videoClip(writeIvf(times.map((time) => ({ data: vp8Key, time })), { rate, scale })))
    expect(clip([0, 1], 90_001)).toContain("at most 1000 frames a second")
    expect(clip([0, 1, 2], 200_000)).toContain("a later tick of 90000 Hz")
    expect(clip([0, 2n ** 52n], 1, 1000)).toContain("below 2^53")
    expect(clip([0, 2n ** 60n], 1)).toContain("less than 2^53")
    expect(clip([0, 1], 1000)).toBe("no fault")
  })

  it("begins at 0 whatever the file's first time is, and lasts as long as its frames", () => {
    const clip = (...times: ReadonlyArray<number>) =>
      Result.getOrThrow(videoClip(writeIvf(times.map((time) => ({ data: vp8Key, time })), { rate: 30000, scale: 1001 })))
    expect(clip(5, 6, 8)).toMatchObject({ frames: [{ at: 0 }, { at: 3003 }, { at: 9009 }], length: 15015 })
    expect(clip(7)).toMatchObject({ frames: [{ at: 0 }], length: 90000 })
  })
})
