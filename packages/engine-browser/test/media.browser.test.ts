/** Media as people get it: decoded pictures and sound, and figures that tell of them. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { remoteMediaTrack, remoteStream } from "../src/index.ts"
import { openPictures, openTracks } from "./madeUpMedia.ts"
import { countConnections } from "./openConnections.ts"
import { connect, negotiate, scoped, until } from "./twoPeers.ts"
import { isNear, openEars, openEyes } from "./watch.ts"

countConnections()

describe("media that arrives", () => {
  it("is decoded: the camera's pictures", scoped(Effect.gen(function*() {
    const { right } = yield* connect({ media: { camera: yield* openPictures(200) } })
    const hue = yield* openEyes(remoteStream(yield* right.track("camera")))
    yield* until("the camera's hue", () => isNear(hue(), 200, 20))
  })), 20_000)

  it("is decoded: the microphone's sound, and none of it when it is muted", scoped(Effect.gen(function*() {
    // The made-up microphone of either browser sounds, with a tone that is taken for noise.
    const microphone = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    const { left, right } = yield* connect({ media: { microphone } })
    const energy = yield* openEars(remoteStream(yield* right.track("microphone")))
    yield* until("sound", async () => (await energy()) > 0.0001)
    yield* left.want({ send: { microphone: "muted" } })
    yield* Effect.sleep(500)
    const before = yield* Effect.promise(energy)
    yield* Effect.sleep(1_500)
    expect((yield* Effect.promise(energy)) - before).toBeLessThan(0.000_1)
  })), 20_000)

  it("is the same stream each time, with the native track; and empty when the track has ended", scoped(Effect.gen(function*() {
    const { left, right } = yield* connect({ media: yield* openTracks })
    const track = yield* right.track("camera")
    const stream = remoteStream(track)
    expect(remoteStream(track)).toBe(stream)
    expect(stream.getTracks()).toEqual([remoteMediaTrack(track)])
    yield* left.want({ send: { camera: "off" } })
    yield* negotiate(left, right)
    yield* until("its end", () => right.events.some((event) => event._tag === "RemoteTrackEnded"))
    expect(stream.getTracks()).toEqual([])
    expect(remoteMediaTrack(track)).toBeUndefined()
    expect(remoteStream({ id: "of another engine", slot: "camera" }).getTracks()).toEqual([])
  })), 20_000)

  it("is told in figures: rate, pictures, codec, loss, jitter and round trip", scoped(Effect.gen(function*() {
    const { left, right } = yield* connect({ media: yield* openTracks })
    yield* until("the far end's reports", async () => {
      const { path, sent } = await Effect.runPromise(left.peer.stats)
      const camera = sent.find(({ slot }) => slot === "camera")
      return path !== undefined && (camera?.frames ?? 0) > 5 && (camera?.bitsPerSecond ?? 0) > 1_000 && camera?.packetsLost !== undefined && camera.jitterMs !== undefined &&
        camera.roundTripTimeMs !== undefined && camera.roundTripTimeMs < 2_000
    })
    yield* until("pictures in a second", async () => {
      const { received } = await Effect.runPromise(right.peer.stats)
      const camera = received.find(({ slot }) => slot === "camera")
      return camera?.frameWidth === 160 && camera.frameHeight === 96 && isNear(camera.framesPerSecond, 20, 15) && camera.mimeType?.startsWith("video/")
    })
  })), 20_000)
})
