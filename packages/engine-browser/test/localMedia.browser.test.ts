/** Local media in calls: switched, muted, freed and shared. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { openMedia, remoteStream } from "../src/index.ts"
import { withDevices } from "./fakeDevices.ts"
import { openMortal, openPictures, openTone } from "./madeUpMedia.ts"
import { connect, type End, negotiate, scoped, until } from "./twoPeers.ts"
import { isNear, openEyes } from "./watch.ts"

const packetsSent = ({ peer }: End) =>
  Effect.map(peer.stats, ({ sent }) => sent.find(({ slot }) => slot === "camera")?.packets ?? 0)

/** Nothing of the camera is sent for half a second. */
const expectSilence = (end: End) =>
  Effect.gen(function*() {
    yield* Effect.sleep(300)
    const before = yield* packetsSent(end)
    yield* Effect.sleep(500)
    expect(yield* packetsSent(end)).toBe(before)
  })

const seesHue = (end: End, hue: number) =>
  Effect.gen(function*() {
    const eyes = yield* openEyes(remoteStream(yield* end.track("camera")))
    yield* until(`the hue ${hue}`, () => isNear(eyes(), hue, 20))
  })

describe("a slot that is switched", () => {
  it("sends the other track in every call, without a round, and the preview follows", scoped(Effect.gen(function*() {
    const media = yield* openMedia({ camera: yield* openPictures(200) })
    const [one, two] = [yield* connect({ media }), yield* connect({ media })]
    yield* Effect.all([seesHue(one.right, 200), seesHue(two.right, 200)])
    const preview = media.preview("camera")
    const next = yield* openPictures(20)
    yield* media.use("camera", next)
    yield* Effect.all([seesHue(one.right, 20), seesHue(two.right, 20)])
    expect(media.track("camera")).toBe(next)
    expect(media.preview("camera")).toBe(preview)
    expect(preview.getTracks()).toEqual([next])
  })), 20_000)

  it("stays muted", scoped(Effect.gen(function*() {
    const media = yield* openMedia({ camera: yield* openPictures(200) })
    const { left, right } = yield* connect({ media })
    yield* seesHue(right, 200)
    yield* left.want({ send: { camera: "muted" } })
    yield* media.use("camera", yield* openPictures(20))
    yield* expectSilence(left)
    yield* left.want({})
    yield* seesHue(right, 20)
  })), 20_000)

  it("opens the next device before it closes the last one, and stays as it is when there is none", scoped(Effect.gen(function*() {
    const last = yield* openPictures(200)
    let next: MediaStreamTrack | undefined
    const devices = yield* withDevices(({ video }) => {
      if (video === true) return [last]
      if (next === undefined) throw new DOMException("", "OverconstrainedError")
      expect(last.readyState).toBe("live")
      return [next]
    })
    const media = yield* openMedia({ camera: true })
    const { reason } = yield* Effect.flip(media.use("camera", { deviceId: { exact: "none" } }))
    expect(reason).toMatchObject({ _tag: "Media", fault: "unsatisfiable" })
    expect(media.track("camera")).toBe(last)
    next = yield* openPictures(20)
    yield* media.use("camera", { deviceId: "next" })
    expect(devices.asked.at(-1)).toEqual({ video: { deviceId: "next" } })
    expect(devices.open()).toEqual([next])
  })))

  it("closes the last device first where only one can be open at a time", scoped(Effect.gen(function*() {
    const [front, back] = [yield* openPictures(200), yield* openPictures(20)]
    const devices = yield* withDevices(({ video }) => {
      if (video === true) return [front]
      if (front.readyState === "live") throw new DOMException("", "NotReadableError")
      return [back]
    })
    const media = yield* openMedia({ camera: true })
    yield* media.use("camera", { facingMode: "environment" })
    expect(media.track("camera")).toBe(back)
    expect(devices.open()).toEqual([back])
  })))
})

describe("a device that no call sends", () => {
  it("is kept by default", scoped(Effect.gen(function*() {
    const camera = yield* openPictures()
    const devices = yield* withDevices(() => [camera])
    const media = yield* openMedia({ camera: true })
    const { left } = yield* connect({ media })
    yield* left.want({ send: { camera: "muted" } })
    yield* expectSilence(left)
    expect(devices.open()).toEqual([camera])
  })), 20_000)

  it("is freed if the app likes, and opened again when it is sent", scoped(Effect.gen(function*() {
    const [first, second] = [yield* openPictures(200), yield* openPictures(20)]
    const devices = yield* withDevices((_, time) => [time === 1 ? first : second])
    const media = yield* openMedia({ camera: true, whenMuted: "free" })
    const { left, right } = yield* connect({ media })
    yield* seesHue(right, 200)
    yield* left.want({ send: { camera: "muted" } })
    yield* until("the device to be free", () => devices.open().length === 0)
    expect(media.track("camera")).toBeUndefined()
    yield* left.want({})
    yield* seesHue(right, 20)
    expect(devices.asked).toEqual([{ video: true }, { video: true }])
  })), 20_000)

  it("is not freed while another call sends it; and is switched in the dark", scoped(Effect.gen(function*() {
    const [first, second] = [yield* openPictures(200), yield* openPictures(20)]
    const devices = yield* withDevices((_, time) => [time === 1 ? first : second])
    const media = yield* openMedia({ camera: true, whenMuted: "free" })
    const [one, two] = [yield* connect({ media }), yield* connect({ media })]
    yield* one.left.want({ send: { camera: "muted" } })
    yield* expectSilence(one.left)
    yield* seesHue(two.right, 200)
    yield* two.left.want({ hold: true })
    yield* until("the device to be free", () => devices.open().length === 0)
    yield* media.use("camera", { deviceId: "second" })
    expect(devices.open()).toEqual([])
    yield* two.left.want({})
    yield* seesHue(two.right, 20)
    expect(devices.asked.at(-1)).toEqual({ video: { deviceId: "second" } })
  })), 20_000)

  it("is told as ended, with the reason, when it cannot be opened again", scoped(Effect.gen(function*() {
    const camera = yield* openPictures()
    const devices = yield* withDevices((_, time) => {
      if (time > 1) throw new DOMException("", "NotReadableError")
      return [camera]
    })
    const media = yield* openMedia({ camera: true, whenMuted: "free" })
    const { left } = yield* connect({ media })
    yield* left.want({ send: { camera: "muted" } })
    yield* until("the device to be free", () => devices.open().length === 0)
    yield* left.want({})
    const told = yield* until("its end", () => left.events.find((event) => event._tag === "LocalSourceEnded"))
    expect(told).toMatchObject({ slot: "camera", reason: expect.stringMatching(/camera: in-use/) })
  })), 20_000)
})

describe("a screen", () => {
  it("is added in a call, and told as ended in every call when its user stops it", scoped(Effect.gen(function*() {
    const { end, track } = yield* openMortal(yield* openPictures(120))
    const devices = yield* withDevices(() => [track])
    const media = yield* openMedia({ microphone: yield* openTone() })
    const [one, two] = [yield* connect({ media }), yield* connect({ media })]
    yield* media.use("screen", true)
    expect(devices.asked).toEqual([{}])
    for (const { left, right } of [one, two]) {
      yield* left.want({ send: { screen: "on" } })
      yield* negotiate(left, right)
      yield* right.track("screen")
    }
    end()
    for (const { left } of [one, two]) {
      yield* until("its end", () => left.events.some((event) => event._tag === "LocalSourceEnded"))
      expect(left.events.filter((event) => event._tag === "LocalSourceEnded")).toEqual([{ _tag: "LocalSourceEnded", slot: "screen", reason: "It is no longer shared." }])
    }
    expect(media.track("screen")).toBeUndefined()
  })), 20_000)
})
