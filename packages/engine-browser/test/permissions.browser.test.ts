/** What can be wrong with a device, as typed reasons; and that nothing stays open after it. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { BrowserEngine, listDevices, openMedia } from "../src/index.ts"
import { openMedia as openPromise } from "../src/promise.ts"
import { withDevices } from "./fakeDevices.ts"
import { openPictures, openTone } from "./madeUpMedia.ts"
import { scoped, until } from "./twoPeers.ts"

const faults = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "not-found",
  NotReadableError: "in-use",
  OverconstrainedError: "unsatisfiable",
  AbortError: "failed"
}

describe("media that cannot be opened", () => {
  for (const [name, fault] of Object.entries(faults)) {
    it(`is told as ${fault} after ${name}`, scoped(Effect.gen(function*() {
      const cause = new DOMException("as the browser says", name)
      yield* withDevices(() => {
        throw cause
      })
      const error = yield* Effect.flip(openMedia({ camera: true, microphone: true }))
      expect(error).toMatchObject({ engine: "browser", operation: "openMedia", reason: { _tag: "Media", fault }, cause })
      expect(error.message).toMatch(/^browser openMedia: microphone and camera: /)
      yield* Effect.promise(() => expect(openPromise({ camera: true })).rejects.toMatchObject({ reason: { fault } }))
    })))
  }

  it("fails the engine that was to open it", scoped(Effect.gen(function*() {
    yield* withDevices(() => {
      throw new DOMException("", "NotAllowedError")
    })
    const error = yield* Effect.flip(BrowserEngine.make({ media: { camera: true } }))
    expect(error.reason).toMatchObject({ _tag: "Media", fault: "denied" })
  })))

  it("leaves nothing open: a screen is closed when its microphone is refused", scoped(Effect.gen(function*() {
    const screen = yield* openPictures()
    const devices = yield* withDevices(({ audio }) => {
      if (audio === true) throw new DOMException("", "NotAllowedError")
      return [screen]
    })
    yield* Effect.flip(openMedia({ screen: true, microphone: true }))
    expect(devices.given).toEqual([screen])
    expect(devices.open()).toEqual([])
  })))

  it("leaves nothing open when nobody waits for the user's answer any more", scoped(Effect.gen(function*() {
    const camera = yield* openPictures()
    let answer = () => {}
    const devices = yield* withDevices(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return [camera]
    })
    const opening = yield* Effect.forkChild(Effect.scoped(openMedia({ camera: true })))
    yield* until("the question", () => devices.asked.length === 1)
    yield* Fiber.interrupt(opening)
    answer()
    yield* until("the camera", () => devices.given.length === 1 && devices.open().length === 0)
  })))

  it("is InvalidConfig for a track of the wrong kind, and for one that has ended", scoped(Effect.gen(function*() {
    const tone = yield* openTone()
    const error = yield* Effect.flip(openMedia({ camera: tone }))
    expect(error.reason).toMatchObject({ _tag: "InvalidConfig", field: "camera" })
    tone.stop()
    expect((yield* Effect.flip(openMedia({ microphone: tone }))).reason).toMatchObject({ _tag: "InvalidConfig", field: "microphone" })
  })))
})

describe("devices of the browser itself", () => {
  it("are asked for together, listed, and closed with the scope; a track of the app's is not", scoped(Effect.gen(function*() {
    const screen = yield* openPictures()
    const tracks = yield* Effect.scoped(Effect.gen(function*() {
      const media = yield* openMedia({ microphone: true, camera: { width: 320 }, screen })
      const found = [media.track("microphone"), media.track("camera")]
      expect(found.map((track) => `${track?.kind} ${track?.readyState}`)).toEqual(["audio live", "video live"])
      expect((yield* listDevices).map(({ kind }) => kind)).toContain("videoinput")
      return found
    }))
    expect(tracks.map((track) => track?.readyState)).toEqual(["ended", "ended"])
    expect(screen.readyState).toBe("live")
  })), 20_000)
})
