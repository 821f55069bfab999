import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { afterAll, afterEach, beforeEach, vi } from "vitest"
import { dePacketizeRtpPackets, RtpHeader, RtpPacket } from "werift"
import { ivfFile } from "../../src/media/ivfFile.ts"
import { oggFile } from "../../src/media/oggFile.ts"
import { picture } from "../../src/media/picture.ts"
import type { RtpFormat, RtpFrame, RtpSource } from "../../src/media/RtpSource.ts"
import { tone } from "../../src/media/tone.ts"
import { writeIvf, vp8Delta, vp8Key } from "./writeIvf.ts"
import { opusHead, opusTags, writeOgg } from "./writeOgg.ts"

const folder = mkdtempSync(join(tmpdir(), "enigma-sources-"))
const file = (name: string, ...parts: ReadonlyArray<Uint8Array>) => {
  writeFileSync(join(folder, name), Buffer.concat(parts))
  return join(folder, name)
}
afterAll(() => rmSync(folder, { recursive: true }))

// Only what the players use: reading files and the runtime of Effect go on in real time.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const listen = (source: RtpSource, format: RtpFormat = source.formats[0]!) => {
  const frames: Array<RtpFrame> = []
  const ends: Array<string> = []
  const stop = source.subscribe(format, (frame) => frames.push(frame), (reason) => ends.push(reason))
  return { frames, ends, stop }
}
const isKey = (codec: "VP8" | "VP9", frame: RtpFrame) =>
  dePacketizeRtpPackets(codec, [new RtpPacket(new RtpHeader(), Buffer.from(frame.payload))]).isKeyframe
const detail = (effect: Effect.Effect<unknown, WebRtcError, Scope.Scope>) =>
  Effect.map(Effect.flip(effect), (error) => {
    expect(error).toBeInstanceOf(WebRtcError)
    expect(error).toMatchObject({ _tag: "WebRtcError", engine: "werift", operation: "openMedia", reason: { _tag: "Media" } })
    return error.reason._tag === "Media" ? error.reason.detail : ""
  })

describe("tone", () => {
  it.live("is heard as Opus, PCMU and PCMA at once, each on its own clock rate", () =>
    Effect.gen(function*() {
      const source = yield* tone()
      expect(source.kind).toBe("audio")
      expect(source.formats).toEqual([
        { mimeType: "audio/opus", clockRate: 48000, channels: 2 },
        { mimeType: "audio/PCMU", clockRate: 8000, channels: 1 },
        { mimeType: "audio/PCMA", clockRate: 8000, channels: 1 }
      ])
      const heard = source.formats.map((format) => listen(source, format).frames)
      vi.advanceTimersByTime(3000)
      heard.forEach((frames, index) => {
        expect(frames).toHaveLength(150)
        const step = source.formats[index]!.clockRate / 50
        expect(frames.slice(1).every(({ timestamp }, at) => timestamp - frames[at]!.timestamp === step)).toBe(true)
        expect(frames.every(({ marker }) => !marker)).toBe(true)
      })
      expect(heard[0]![100]!.payload).toEqual(heard[0]![0]!.payload)
    }))

  it.live("is a sine of 440 Hz in PCMU", () =>
    Effect.gen(function*() {
      const source = yield* tone()
      const { frames } = listen(source, source.formats[1])
      vi.advanceTimersByTime(1000)
      // The sign bit of μ-law is clear for negative samples: a period has one rise.
      const signs = frames.flatMap(({ payload }) => [...payload]).map((code) => code >> 7)
      expect(signs.filter((sign, at) => sign === 1 && signs[at - 1] === 0)).toHaveLength(439)
    }))

  it.live("takes a format in any case, as SDP may write it, and refuses another as a bug", () =>
    Effect.gen(function*() {
      const source = yield* tone()
      const { frames } = listen(source, { mimeType: "audio/OPUS", clockRate: 48000, channels: 2 })
      vi.advanceTimersByTime(100)
      expect(frames.length).toBeGreaterThan(3)
      expect(() => listen(source, { mimeType: "video/H264", clockRate: 90000 })).toThrow(RangeError)
    }))
})

describe("picture", () => {
  it.live.each(["VP8", "VP9"] as const)("begins again at a key frame, and has one each second, in %s", (codec) =>
    Effect.gen(function*() {
      const source = yield* picture()
      expect(source.formats.map(({ mimeType }) => mimeType)).toEqual(["video/VP8", "video/VP9"])
      const { frames } = listen(source, { mimeType: `video/${codec}`, clockRate: 90000 })
      vi.advanceTimersByTime(6900)
      const begins = frames.filter((_, index) => index === 0 || frames[index - 1]!.marker)
      expect(begins.flatMap((frame, index) => (isKey(codec, frame) ? [index] : []))).toEqual([0, 15, 30, 45, 60, 75, 90])
      expect(begins.slice(1).every(({ timestamp }, at) => timestamp - begins[at]!.timestamp === 6000)).toBe(true)
    }))

  it.live.each(["VP8", "VP9"] as const)("shows a late viewer a key frame first, within a second, in %s", (codec) =>
    Effect.gen(function*() {
      const source = yield* picture()
      const format = { mimeType: `video/${codec}`, clockRate: 90000 }
      listen(source, format)
      for (const ms of [70, 500, 930, 1234]) {
        vi.advanceTimersByTime(ms)
        const { frames, stop } = listen(source, format)
        vi.advanceTimersByTime(1001)
        expect(isKey(codec, frames[0]!)).toBe(true)
        stop()
      }
    }))
})

describe("A source's scope", () => {
  it.live("ends it for every listener when it closes, and leaves no timer", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const source = yield* Scope.provide(picture(), scope)
      const listeners = source.formats.map((format) => listen(source, format))
      vi.advanceTimersByTime(500)
      expect(vi.getTimerCount()).toBe(2)
      const counts = listeners.map(({ frames }) => frames.length)
      yield* Scope.close(scope, Exit.void)
      expect(vi.getTimerCount()).toBe(0)
      vi.advanceTimersByTime(5000)
      expect(listeners.map(({ frames }) => frames.length)).toEqual(counts)
      expect(listeners.map(({ ends }) => ends)).toEqual([["the source was closed"], ["the source was closed"]])
      const late = listen(source)
      yield* Effect.yieldNow
      yield* Effect.promise(() => Promise.resolve())
      expect([late.ends, vi.getTimerCount()]).toEqual([["the source was closed"], 0])
    }))

  it.live("keeps no timer while nobody listens", () =>
    Effect.gen(function*() {
      const source = yield* tone()
      expect(vi.getTimerCount()).toBe(0)
      const { stop } = listen(source)
      expect(vi.getTimerCount()).toBe(1)
      stop()
      expect(vi.getTimerCount()).toBe(0)
    }))
})

describe("oggFile", () => {
  const packets = [Uint8Array.of(0xf8, 1), Uint8Array.of(0xf9, 2, 3), Uint8Array.of(0xe0, 4)]

  it.live("plays each packet for as long as the packet says, then says end of file", () =>
    Effect.gen(function*() {
      const source = yield* oggFile(file("short.ogg", ...writeOgg([opusHead(), opusTags, ...packets])))
      const { ends, frames } = listen(source)
      vi.advanceTimersByTime(1)
      expect(frames.map(({ payload }) => payload[1])).toEqual([1])
      vi.advanceTimersByTime(65)
      expect(frames.map(({ payload }) => payload[1])).toEqual([1, 2, 4])
      expect(frames.map(({ timestamp }) => timestamp - frames[0]!.timestamp)).toEqual([0, 960, 2880])
      expect(ends).toEqual(["end of file"])
    }))

  it.live("begins again without a gap when it loops", () =>
    Effect.gen(function*() {
      const source = yield* oggFile(file("loop.ogg", ...writeOgg([opusHead(), opusTags, ...packets])), { loop: true })
      const { ends, frames } = listen(source)
      vi.advanceTimersByTime(6250)
      expect(frames).toHaveLength(300)
      expect(frames[300 - 3]!.timestamp - frames[0]!.timestamp).toBe(99 * (960 + 1920 + 120))
      expect(ends).toEqual([])
    }))

  it.live("fails with the reason Media for what is not there, not a file, not Ogg, or not sendable", () =>
    Effect.gen(function*() {
      expect(yield* detail(oggFile(join(folder, "missing.ogg")))).toBe(`${join(folder, "missing.ogg")}: expected a file that can be read`)
      expect(yield* detail(oggFile(folder))).toContain("expected a regular file")
      expect(yield* detail(oggFile("/dev/zero"))).toContain("expected a regular file")
      expect(yield* detail(oggFile(file("empty.ogg")))).toContain("one Opus stream")
      expect(yield* detail(oggFile(file("text.ogg", Buffer.from("not media at all, but long enough"))))).toContain("expected OggS")
      const large = new Uint8Array(1276).fill(0xf8)
      expect(yield* detail(oggFile(file("large.ogg", ...writeOgg([opusHead(), opusTags, large]))))).toContain("at most 1275 bytes, found 1276")
    }))
})

describe("ivfFile", () => {
  it.live("keeps the file's own times, and says end of file after its last frame", () =>
    Effect.gen(function*() {
      const path = file("times.ivf", writeIvf([{ data: vp8Key, time: 0 }, { data: vp8Delta, time: 40 }, { data: vp8Delta, time: 140 }], { rate: 1000 }))
      const source = yield* ivfFile(path)
      expect([source.kind, source.formats]).toEqual(["video", [{ mimeType: "video/VP8", clockRate: 90000 }]])
      const { ends, frames } = listen(source)
      vi.advanceTimersByTime(239)
      expect(frames.map(({ timestamp }) => timestamp - frames[0]!.timestamp)).toEqual([0, 3600, 12600])
      expect(ends).toEqual([])
      vi.advanceTimersByTime(3)
      expect(ends).toEqual(["end of file"])
    }))

  it.live("waits out a gap that is longer than any timer", () =>
    Effect.gen(function*() {
      const days = 30 * 86_400
      const source = yield* ivfFile(file("gap.ivf", writeIvf([{ data: vp8Key, time: 0 }, { data: vp8Delta, time: days }], { rate: 1 })))
      const timers = vi.spyOn(globalThis, "setTimeout")
      const { frames } = listen(source)
      vi.advanceTimersByTime(10)
      // Node fires a longer timer at once.
      expect(timers.mock.calls.every(([, ms]) => ms! < 2 ** 31)).toBe(true)
      vi.advanceTimersByTime(days * 1000 - 1000)
      expect(frames).toHaveLength(1)
      vi.advanceTimersByTime(2000)
      expect(frames).toHaveLength(2)
    }))

  it.live("fails for a codec that it cannot send, with the list of those that it can", () =>
    Effect.gen(function*() {
      const path = file("av1.ivf", writeIvf([{ data: vp8Key, time: 0 }], { fourcc: "AV01" }))
      expect(yield* detail(ivfFile(path))).toBe(`${path}: IVF codec "AV01" at byte 8: expected one of VP80, VP90`)
      expect(yield* detail(ivfFile(join(folder, "missing.ivf")))).toContain("expected a file that can be read")
    }))
})
