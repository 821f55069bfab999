/** Calls that are over leave nothing: no connection, and no listener on the media that outlives them. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { deviceChanges, openMedia } from "../src/index.ts"
import { deviceChanges as deviceLoop } from "../src/promise.ts"
import * as Stream from "effect/Stream"
import { openTracks } from "./madeUpMedia.ts"
import { countConnections, openInPage } from "./openConnections.ts"
import { connect, scoped } from "./twoPeers.ts"

countConnections()

/** Counts the listeners of an object from now on. */
const countListeners = (target: EventTarget): () => number => {
  const on = new Set<unknown>()
  target.addEventListener = (...call: Parameters<EventTarget["addEventListener"]>) => {
    on.add(call[1])
    EventTarget.prototype.addEventListener.apply(target, call)
  }
  target.removeEventListener = (...call: Parameters<EventTarget["removeEventListener"]>) => {
    on.delete(call[1])
    EventTarget.prototype.removeEventListener.apply(target, call)
  }
  return () => on.size
}

describe("what is over leaves nothing open", () => {
  it("twenty calls in a row over one local media", scoped(Effect.gen(function*() {
    const tracks = yield* openTracks
    const counts = Object.values(tracks).map(countListeners)
    yield* Effect.scoped(Effect.gen(function*() {
      const media = yield* openMedia(tracks)
      for (let i = 0; i < 20; i++) yield* Effect.scoped(connect({ media }, {}, { media }))
      expect(openInPage()).toBe(0)
      expect(counts.map((count) => count())).toEqual([1, 1, 1])
    }))
    expect(counts.map((count) => count())).toEqual([0, 0, 0])
  })), 60_000)

  it("a list of devices that nobody reads any more", scoped(Effect.gen(function*() {
    const count = countListeners(navigator.mediaDevices)
    const [devices] = yield* Stream.runCollect(Stream.take(deviceChanges, 1))
    expect(devices?.length).toBeGreaterThan(0)
    yield* Effect.promise(async () => {
      for await (const found of deviceLoop()) {
        expect(found).toHaveLength(devices?.length ?? 0)
        navigator.mediaDevices.dispatchEvent(new Event("devicechange"))
        break
      }
    })
    expect(count()).toBe(0)
  })))
})
