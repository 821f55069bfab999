/** The SFU engine keeps the contract in the browser that runs this file, through a real server. */
import { type RemoteTrack, RtcEngine } from "@enigma-rtc/core"
import { remoteMediaTrack, type RoomTracks, SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { describeEngine } from "@enigma-rtc/testing/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { inject } from "vitest"
import { commands, server } from "vitest/browser"
import { openMortal, openTracks } from "../../../packages/engine-browser/test/madeUpMedia.ts"
import { countConnections, isBeingSent, openInPage, receivers } from "../../../packages/engine-browser/test/openConnections.ts"
import { overPath } from "../src/overPath.ts"
import { sfuCapabilities } from "../src/sfuCapabilities.ts"

countConnections()

/** The paths that the transports of engines are found over. */
const paths = new WeakMap<RtcEngine["Service"], number>()

const layer = (openMedia: Effect.Effect<RoomTracks, never, Scope.Scope>) =>
  Layer.effect(RtcEngine, Effect.gen(function*() {
    const media = yield* openMedia
    const path = yield* Effect.acquireRelease(
      Effect.promise(() => commands.openPath()),
      (id) => Effect.promise(() => commands.closePath(id))
    )
    const signaling = overPath(yield* webSocketSignaling(inject("sfuUrl")), (candidate) => Effect.promise(() => commands.carryOverPath(path, candidate)))
    const token = crypto.randomUUID()
    const room = yield* SfuRoom.join({ room: `conformance-${server.browser}`, token, signaling, media })
    const engine = yield* SfuEngine.make({ room })
    paths.set(engine, path)
    return engine
  }))

/** An engine whose microphone ends half a second after a connection has begun to send it. */
const endingTracks = Effect.gen(function*() {
  const { camera, microphone: tone, screen } = yield* openTracks
  const { end, track: microphone } = yield* openMortal(tone)
  const clock = setInterval(() => {
    if (!isBeingSent(microphone)) return
    clearInterval(clock)
    setTimeout(end, 500)
  }, 50)
  yield* Effect.addFinalizer(() => Effect.sync(() => clearInterval(clock)))
  return { microphone, camera, screen }
})

/** Nothing is carried: what is found is the room's own affair. */
const path: NonNullable<EngineUnderTest["path"]> = (...engines) => {
  const both = engines.flatMap((engine) => paths.get(engine) ?? [])
  const set = (open: boolean) => Effect.forEach(both, (id) => Effect.promise(() => commands.setPathOpen(id, open)), { discard: true })
  return Effect.succeed({ carry: (candidate) => Effect.succeed(candidate), cut: set(false), mend: set(true) })
}

/** The last count: what has arrived goes on to count when the track has ended. */
const counts = new WeakMap<RemoteTrack, number>()

const arrived = (track: RemoteTrack): Effect.Effect<number> =>
  Effect.promise(async () => {
    const native = remoteMediaTrack(track)
    const receiver = receivers().find((one) => one.track === native)
    const known = counts.get(track) ?? 0
    if (native === undefined || receiver === undefined) return known
    let packets = 0
    for (const one of (await receiver.getStats()).values()) if (one.type === "inbound-rtp") packets += one.packetsReceived ?? 0
    const now = Math.max(known, packets)
    counts.set(track, now)
    return now
  })

describeEngine(server.browser === "firefox" ? "sfu, Firefox" : "sfu, Chromium", {
  left: layer(openTracks),
  right: layer(openTracks),
  capabilities: sfuCapabilities,
  media: { arrived, ending: layer(endingTracks) },
  path,
  resources: Effect.sync(openInPage)
})
