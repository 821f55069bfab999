/** What only a page sends and shows through a room: local media that other calls send too, and layers. */
import { CallLine, type CallState, initialIntent, type LineCall, makeConfig, type RemoteTrack, RtcEngine, type RtcEvent, type RtcPeer } from "@enigma-rtc/core"
import { BrowserEngine, openMedia } from "@enigma-rtc/engine-browser"
import { type PageRoomOptions, preferLayers, remoteQuality, type RemoteQuality, remoteStream, SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { expect, inject, it } from "vitest"
import { commands, server } from "vitest/browser"
import { openPictures, openTone } from "../../../packages/engine-browser/test/madeUpMedia.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))
const config = Result.getOrThrow(makeConfig({ enableData: true }))

const until = (what: string, is: Effect.Effect<boolean, unknown>, withinMs = 15_000) =>
  Effect.gen(function*() {
    for (let waitedMs = 0; !(yield* is); waitedMs += 50) {
      if (waitedMs > withinMs) return yield* Effect.die(new Error(`not within ${withinMs} ms: ${what}`))
      yield* Effect.sleep(50)
    }
  })

const openEnd = (options: Omit<PageRoomOptions, "room" | "token" | "signaling"> = {}) =>
  Effect.gen(function*() {
    const signaling = yield* webSocketSignaling(inject("sfuUrl"))
    const room = yield* SfuRoom.join({ room: `media-${server.browser}`, token: crypto.randomUUID(), signaling, ...options })
    const engine = yield* SfuEngine.make({ room })
    const peer = yield* engine.open(config, initialIntent(config))
    return { peer, tracks: yield* tracksOf(peer) }
  })

const tracksOf = (peer: RtcPeer) =>
  Effect.gen(function*() {
    const tracks: Array<RemoteTrack> = []
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) => Effect.sync(() => {
      if (event._tag === "RemoteTrack") tracks.push(event.track)
    })))
    return tracks
  })

const negotiate = (from: RtcPeer, to: RtcPeer) =>
  Effect.flatMap(Effect.flatMap(from.createOffer(), to.createAnswer), from.applyAnswer)

const packets = (peer: RtcPeer, way: "sent" | "received") =>
  Effect.map(peer.stats, (stats) => stats[way].filter(({ slot }) => slot === "camera").reduce((sum, one) => sum + one.packets, 0))

it("one local media is sent by calls of both engines at once, and a switch of the camera reaches both", scoped(Effect.gen(function*() {
  const media = yield* openMedia({ camera: yield* openPictures(200), microphone: yield* openTone() })
  const [left, right] = [yield* openEnd({ media }), yield* openEnd()]
  yield* negotiate(left.peer, right.peer)
  const p2p = yield* BrowserEngine.make({ media })
  const direct = yield* p2p.open(config, initialIntent(config))
  yield* direct.createOffer()
  yield* until("the camera arrives", Effect.map(packets(right.peer, "received"), (count) => count > 5))
  const video = Object.assign(document.createElement("video"), { muted: true, autoplay: true })
  const camera = right.tracks.find(({ slot }) => slot === "camera")
  if (camera === undefined) return expect.unreachable()
  video.srcObject = remoteStream(camera)
  yield* Effect.promise(() => video.play())
  yield* media.use("camera", yield* openPictures(20, 320, 192))
  yield* until("the other picture arrives", Effect.sync(() => video.videoWidth === 320))
  yield* media.stop("camera")
  yield* Effect.sleep(300)
  const before = yield* packets(left.peer, "sent")
  yield* Effect.sleep(500)
  expect(yield* packets(left.peer, "sent")).toBe(before)
})), 40_000)

it.runIf(server.browser === "chromium")("the camera is sent in layers, of which a far end may prefer the lower one", scoped(Effect.gen(function*() {
  const camera = yield* openPictures(200, 640, 360)
  const cameraEncodings = [{ scaleResolutionDownBy: 2, maxBitrate: 100_000 }, { scaleResolutionDownBy: 1, maxBitrate: 500_000 }]
  const [left, right] = [yield* openEnd({ media: { camera }, cameraEncodings }), yield* openEnd()]
  yield* negotiate(left.peer, right.peer)
  yield* until("the track is told", Effect.sync(() => right.tracks.some(({ slot }) => slot === "camera")))
  const track = right.tracks.find(({ slot }) => slot === "camera")
  if (track === undefined) return expect.unreachable()
  let quality: RemoteQuality = {}
  yield* Effect.forkScoped(Stream.runForEach(remoteQuality(track), (next) => Effect.sync(() => { quality = next })))
  yield* until("the upper layer is forwarded", Effect.sync(() => quality.layers?.spatial === 1), 25_000)
  yield* preferLayers(track, { spatial: 0 })
  yield* until("the lower layer is forwarded", Effect.sync(() => quality.layers?.spatial === 0), 25_000)
  expect(quality.score).toBeGreaterThan(0)
})), 60_000)

const isUp = (state: CallState) => state._tag === "Connected" && state.media._tag === "Up"
const eventsOf = (call: LineCall) =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))), { startImmediately: true })
    return events
  })

it("a worker that dies interrupts a call of pages, and it comes back", scoped(Effect.gen(function*() {
  const url = yield* Effect.acquireRelease(Effect.promise(() => commands.openServer()), (one) => Effect.promise(() => commands.closeServer(one)))
  const relay = memoryRelay()
  const open = (name: string) =>
    Effect.gen(function*() {
      const media = { camera: yield* openPictures(), microphone: yield* openTone() }
      const room = yield* SfuRoom.join({ room: "doomed", token: name, signaling: yield* webSocketSignaling(url), media })
      const engine = yield* SfuEngine.make({ room })
      return yield* Effect.provideService(CallLine.make({ device: name, channel: yield* relay.join(name) }), RtcEngine, engine)
    })
  const [alice, bob] = [yield* open("alice"), yield* open("bob")]
  const near = yield* alice.call("bob")
  const far = yield* Effect.flatMap(Stream.runHead(bob.incoming), Effect.fromOption)
  const [here, there] = [yield* eventsOf(near), yield* eventsOf(far)]
  yield* far.accept()
  yield* Effect.all([near, far].map((call) => Stream.runHead(Stream.filter(call.changes, isUp))))
  yield* Effect.promise(() => commands.killWorkers(url))
  yield* until("media is there again", Effect.sync(() => [here, there].every((events) => events.some(({ _tag }) => _tag === "ConnectionRestored"))), 25_000)
  for (const call of [near, far]) {
    const received = Effect.map(call.stats, (stats) => stats.received.reduce((sum, one) => sum + one.packets, 0))
    const before = yield* received
    yield* until("media arrives", Effect.map(received, (now) => now > before + 5))
  }
})), 60_000)
