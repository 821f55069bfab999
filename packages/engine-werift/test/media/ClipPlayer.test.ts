import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { Clip } from "../../src/media/Clip.ts"
import { ClipPlayer } from "../../src/media/ClipPlayer.ts"
import { packetizeAudio } from "../../src/media/packetize.ts"
import { seeded } from "./seeded.ts"

interface Heard {
  readonly ms: number
  readonly timestamp: number
  readonly byte: number
}

/** 20 ms a frame at 48 kHz; each frame is its own index; every `keyEvery`th can be started at. */
const makeClip = (count: number, keyEvery = 1): Clip => ({
  format: { mimeType: "audio/opus", clockRate: 48000, channels: 2 },
  frames: Array.from({ length: count }, (_, index) => ({ data: Uint8Array.of(index), at: index * 960, isKey: index % keyEvery === 0 })),
  length: count * 960,
  packetize: packetizeAudio
})

const listen = (player: ClipPlayer) => {
  const heard: Array<Heard> = []
  const ends: Array<string> = []
  const stop = player.subscribe(
    ({ payload, timestamp }) => heard.push({ ms: performance.now(), timestamp, byte: payload[0]! }),
    (reason) => ends.push(reason)
  )
  return { heard, ends, stop, bytes: () => heard.map(({ byte }) => byte) }
}

/** As if the event loop had stood still: time has passed, and no timer has fired. */
const stall = (ms: number) => {
  const now = performance.now.bind(performance)
  vi.spyOn(performance, "now").mockImplementation(() => now() + ms)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe("A clip in time", () => {
  it("plays 100 frames of 20 ms in 2 s, each within a millisecond of its time", () => {
    const player = new ClipPlayer(makeClip(5), true, performance.now())
    const began = performance.now()
    const { heard } = listen(player)
    vi.advanceTimersByTime(2000)
    expect(heard).toHaveLength(100)
    heard.forEach(({ ms }, index) => expect(Math.abs(ms - began - index * 20)).toBeLessThanOrEqual(1.1))
    player.close("test")
  })

  it("does not drift when every timer fires late", () => {
    const random = seeded("late timers")
    const real = globalThis.setTimeout
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, ms: number) => real(run, ms + random.below(12))) as typeof setTimeout)
    const player = new ClipPlayer(makeClip(5), true, performance.now())
    const began = performance.now()
    const { heard } = listen(player)
    vi.advanceTimersByTime(60_000)
    expect(heard.length).toBeGreaterThanOrEqual(2999)
    const { ms } = heard.at(-1)!
    expect(ms - began - (heard.length - 1) * 20).toBeLessThan(15)
    player.close("test")
  })

  it("keeps the distance of timestamps exact, also over the loop and over 2^32", () => {
    const minutesBeforeWrap = (2 ** 32 - 3 * 48000) / 48
    const player = new ClipPlayer(makeClip(7), true, performance.now() - minutesBeforeWrap)
    const { heard } = listen(player)
    vi.advanceTimersByTime(10_000)
    const steps = heard.slice(1).map(({ timestamp }, index) => (timestamp - heard[index]!.timestamp + 2 ** 32) % 2 ** 32)
    expect(new Set(steps)).toEqual(new Set([960]))
    expect(heard.some(({ timestamp }) => timestamp < 48000)).toBe(true)
    expect(heard.every(({ timestamp }) => Number.isInteger(timestamp) && timestamp >= 0 && timestamp < 2 ** 32)).toBe(true)
    player.close("test")
  })

  it("sends at most 200 ms at once after a stall, leaves nothing out, and goes on with the time it is", () => {
    const player = new ClipPlayer(makeClip(200), true, performance.now())
    const { bytes, heard } = listen(player)
    vi.advanceTimersByTime(100)
    const before = heard.length
    stall(3000)
    vi.advanceTimersByTime(20)
    const burst = heard.length - before
    expect(burst).toBeGreaterThanOrEqual(10)
    expect(burst).toBeLessThanOrEqual(12)
    vi.advanceTimersByTime(200)
    expect(bytes()).toEqual(bytes().map((_, index) => index))
    const jump = heard[before]!.timestamp - heard[before - 1]!.timestamp
    expect(jump / 48).toBeGreaterThan(2700)
    expect(jump / 48).toBeLessThan(3020)
    // The last frame's timestamp is the time it was sent at, as before the stall.
    expect(Math.abs(heard.at(-1)!.ms - heard.at(-1)!.timestamp / 48)).toBeLessThan(22)
    player.close("test")
  })

  it("catches up after a short stall, with the timestamps of the time that was meant", () => {
    const player = new ClipPlayer(makeClip(200), true, performance.now())
    const { heard } = listen(player)
    vi.advanceTimersByTime(100)
    stall(150)
    vi.advanceTimersByTime(100)
    expect(new Set(heard.slice(1).map(({ timestamp }, index) => timestamp - heard[index]!.timestamp))).toEqual(new Set([960]))
    player.close("test")
  })
})

describe("The listeners of a clip", () => {
  it("hear the same frames, with the same timestamps", () => {
    const player = new ClipPlayer(makeClip(50), true, performance.now())
    const left = listen(player)
    vi.advanceTimersByTime(333)
    const right = listen(player)
    vi.advanceTimersByTime(333)
    expect(right.heard.length).toBeGreaterThan(10)
    expect(right.heard).toEqual(left.heard.slice(-right.heard.length))
    player.close("test")
  })

  it("get nothing more from the moment they leave, not even the rest of a frame, and the others do", () => {
    const clip: Clip = { ...makeClip(50), packetize: (data, timestamp) => [0, 1, 2].map((part) => ({ payload: Uint8Array.of(data[0]!, part), timestamp, marker: part === 2 })) }
    const player = new ClipPlayer(clip, true, performance.now())
    let parts = 0
    const stop = player.subscribe(() => ++parts === 5 && stop(), () => expect.unreachable())
    const other = listen(player)
    vi.advanceTimersByTime(200)
    expect(parts).toBe(5)
    expect(other.heard).toHaveLength(30)
    player.close("test")
  })

  it("start at a key frame when they come late", () => {
    const player = new ClipPlayer(makeClip(100, 10), true, performance.now())
    const early = listen(player)
    vi.advanceTimersByTime(250)
    const late = listen(player)
    vi.advanceTimersByTime(1000)
    expect(early.bytes()[0]).toBe(0)
    expect(late.bytes()[0]).toBe(20)
    expect(late.bytes()).toEqual(early.bytes().slice(20))
    player.close("test")
  })

  it("find the clip waiting after a pause, at its last key frame and with the time it is", () => {
    const player = new ClipPlayer(makeClip(100, 10), false, performance.now())
    vi.advanceTimersByTime(1000)
    const early = listen(player)
    vi.advanceTimersByTime(290)
    early.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    const again = listen(player)
    vi.advanceTimersByTime(110)
    expect(early.bytes()).toEqual(Array.from({ length: 15 }, (_, index) => index))
    expect(again.bytes()).toEqual([10, 11, 12, 13, 14, 15])
    for (const { ms, timestamp } of [...early.heard, ...again.heard]) expect(Math.abs(ms - timestamp / 48)).toBeLessThan(2)
    player.close("test")
  })

  it("never make it play faster or repeat a timestamp by coming and going", () => {
    const random = seeded("coming and going")
    const player = new ClipPlayer(makeClip(200, 5), true, performance.now())
    const all: Array<Heard> = []
    for (let round = 0; round < 300; round++) {
      const { heard, stop } = listen(player)
      vi.advanceTimersByTime(random.below(60))
      stop()
      all.push(...heard)
    }
    all.slice(1).forEach(({ timestamp }, index) => expect(timestamp).toBeGreaterThan(all[index]!.timestamp))
  })

  it("may leave and join from within a frame, and there is still one timer", () => {
    const player = new ClipPlayer(makeClip(200), true, performance.now())
    let frames = 0
    let stop = () => {}
    const join = () => {
      stop = player.subscribe(() => {
        frames++
        stop()
        join()
      }, () => {})
    }
    join()
    vi.advanceTimersByTime(1000)
    expect(frames).toBeGreaterThanOrEqual(49)
    expect(frames).toBeLessThanOrEqual(51)
    expect(vi.getTimerCount()).toBe(1)
    player.close("test")
  })

  it("are told once that the clip ended, when its last frame is over, and those who come later too", async () => {
    const player = new ClipPlayer(makeClip(5), false, performance.now())
    const [one, two] = [listen(player), listen(player)]
    vi.advanceTimersByTime(99)
    expect([one.bytes(), one.ends]).toEqual([[0, 1, 2, 3, 4], []])
    vi.advanceTimersByTime(3)
    expect([one.ends, two.ends]).toEqual([["end of file"], ["end of file"]])
    expect(vi.getTimerCount()).toBe(0)
    const late = listen(player)
    const left = listen(player)
    left.stop()
    expect(late.ends).toEqual([])
    await Promise.resolve()
    expect([late.ends, left.ends, late.heard]).toEqual([["end of file"], [], []])
    player.close("closed")
    expect(one.ends).toEqual(["end of file"])
    const last = listen(player)
    await Promise.resolve()
    expect(last.ends).toEqual(["end of file"])
  })

  it("are not told of an end that comes after they left", () => {
    const player = new ClipPlayer(makeClip(5), false, performance.now())
    const { ends, stop } = listen(player)
    stop()
    stop()
    player.close("closed")
    expect(ends).toEqual([])
  })
})
