/** Calls that move between two engines, P2P and through a room, and what is heard of them meanwhile: for the tests of moves. */
import { CallLine, type LineCall, type RemoteTrack, type RtcConfigInput, RtcEngine, type SignalingChannel } from "@enigma-rtc/core"
import { receivedRtp as fromRoom, type RtpSource, SfuEngine, SfuRoom, type SfuSignaling } from "@enigma-rtc/engine-sfu/node"
import { receivedRtp as fromPeer, rtpStream, WeriftEngine } from "@enigma-rtc/engine-werift"
import { signalingOver } from "@enigma-rtc/sfu-server/client"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { until, untilUp } from "./calls.ts"
import { loopback, type Server, startServer } from "./rig.ts"

/** The engines by name. */
export const p2p = "werift"
export const sfu = "sfu"

const packetMs = 20

/** The packets that a gap of 200 ms takes: however slow the machine, no more are left out. */
export const mostMissed = 200 / packetMs

/** A microphone whose packets, 20 ms apart, carry their number: so a listener knows which of them it never heard. */
const numbered = Effect.suspend(() => {
  let number = 0
  return rtpStream({
    format: { mimeType: "audio/opus", clockRate: 48_000, channels: 2 },
    packets: Stream.map(Stream.tick(packetMs), () => {
      const payload = new Uint8Array(40)
      new DataView(payload.buffer).setUint32(1, number++)
      return { payload, timestamp: number * 960, marker: false }
    })
  })
})

/** A server that can be away, and come back as another one that knows nothing of before. */
export interface Place {
  readonly server: () => Server | undefined
  readonly close: Effect.Effect<void>
  readonly open: (options?: Parameters<typeof startServer>[0]) => Effect.Effect<Server, unknown>
}

export const openPlace: Effect.Effect<Place, unknown, Scope.Scope> = Effect.gen(function*() {
  let now: { readonly server: Server; readonly scope: Scope.Closeable } | undefined
  const close = Effect.suspend(() => {
    const before = now
    now = undefined
    return before === undefined ? Effect.void : Scope.close(before.scope, Exit.void)
  })
  yield* Effect.addFinalizer(() => close)
  const open: Place["open"] = (options) =>
    Effect.gen(function*() {
      const scope = Scope.makeUnsafe()
      const server = yield* Scope.provide(startServer(options), scope)
      now = { server, scope }
      return server
    })
  yield* open()
  return { server: () => now?.server, close, open }
})

const signalingTo = (place: Place, name: string) =>
  signalingOver(
    Effect.suspend(() => {
      const server = place.server()
      return server === undefined
        ? Effect.fail("the connection is refused")
        : Effect.map(server.connect(name), (connection) => ({ send: connection.receive, received: connection.outgoing }))
    }),
    { firstMs: 50, mostMs: 500 }
  )

/** A line whose calls begin P2P, and may move to the room; both engines send one microphone. */
const openMovable = (place: Place, channel: SignalingChannel, name: string, wrap: (signaling: SfuSignaling) => SfuSignaling, more: RtcConfigInput) =>
  Effect.gen(function*() {
    const microphone: RtpSource = yield* numbered
    const media = { microphone: Effect.succeed(microphone) }
    const direct = yield* WeriftEngine.make({ media, ...loopback })
    const signaling = wrap(yield* signalingTo(place, name))
    const room = yield* SfuRoom.join({ room: "calls", token: name, signaling, media, ...loopback })
    const through = yield* SfuEngine.make({ room })
    const config = { enableVideo: false, enableData: true, ...more }
    return yield* Effect.provideService(CallLine.make({ device: name, channel, engines: [through], config }), RtcEngine, direct)
  })

/** What an app plays of a call: the microphone's track, until another replaces it. */
const hear = (call: LineCall) =>
  Effect.gen(function*() {
    const heard: Array<{ readonly number: number; readonly atMs: number }> = []
    const tracks: Array<{ readonly track: RemoteTrack; readonly replaces: RemoteTrack | undefined }> = []
    let playing: RemoteTrack | undefined
    const play = (track: RemoteTrack) =>
      Stream.runForEach(Stream.merge(fromPeer(track), fromRoom(track)), ({ payload }) =>
        Effect.sync(() => {
          if (playing !== track) return
          heard.push({ number: new DataView(payload.buffer, payload.byteOffset).getUint32(1), atMs: performance.now() })
        }))
    const follow = Stream.runForEach(call.events, (event) =>
      Effect.gen(function*() {
        if (event._tag !== "RemoteTrack" || event.track.slot !== "microphone") return
        playing = event.track
        tracks.push({ track: event.track, replaces: event.replaces })
        yield* Effect.forkScoped(play(event.track), { startImmediately: true })
      }))
    yield* Effect.forkScoped(follow, { startImmediately: true })
    return {
      tracks,
      count: () => heard.length,
      /** Since then: the longest time without a packet, and how many were never played. */
      since: (ms: number) => {
        const after = heard.filter(({ atMs }) => atMs >= ms)
        const gapMs = Math.max(...after.slice(1).map(({ atMs }, i) => atMs - (after[i]?.atMs ?? atMs)), performance.now() - (heard.at(-1)?.atMs ?? ms))
        const numbers = new Set(after.map(({ number }) => number))
        const span = after.length === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers) + 1
        return { gapMs: Math.round(gapMs), missed: span - numbers.size, repeated: after.length - numbers.size }
      }
    }
  })

export interface Gaps {
  readonly tookMs: number
  /** The longest of both ends. */
  readonly gapMs: number
  readonly missed: number
}

/** What differs for a call that is to move. */
export interface MovableOptions {
  readonly join: (name: string) => Effect.Effect<SignalingChannel, never, Scope.Scope>
  readonly config?: RtcConfigInput
  /** Stands between Alice and the server. */
  readonly alices?: (signaling: SfuSignaling) => SfuSignaling
}

/** Alice and Bob, in a call P2P, with all that is heard of it. */
export const movableCall = (place: Place, { alices = (signaling) => signaling, config = {}, join }: MovableOptions) =>
  Effect.gen(function*() {
    const lines = {
      alice: yield* openMovable(place, yield* join("alice"), "alice", alices, config),
      bob: yield* openMovable(place, yield* join("bob"), "bob", (signaling) => signaling, config)
    }
    const alice = yield* lines.alice.call("bob")
    const bob = yield* Effect.flatMap(Stream.runHead(lines.bob.incoming), Effect.fromOption)
    const ends = [yield* hear(alice), yield* hear(bob)] as const
    yield* bob.accept()
    yield* Effect.all([untilUp(alice), untilUp(bob)], { concurrency: 2 })
    const flows = (packets = 25) =>
      Effect.suspend(() => {
        const before = ends.map(({ count }) => count())
        return until("packets at both ends", Effect.sync(() => ends.every(({ count }, i) => count() >= (before[i] ?? 0) + packets)))
      })
    /** What is heard at both ends from before something is done until half a second after it. */
    const gapsOf = <A, E, R>(what: Effect.Effect<A, E, R>): Effect.Effect<{ readonly gaps: Gaps; readonly result: A }, E, R> =>
      Effect.gen(function*() {
        yield* flows(5)
        const sinceMs = performance.now()
        const result = yield* what
        const tookMs = Math.round(performance.now() - sinceMs)
        yield* flows()
        const all = ends.map(({ since }) => since(sinceMs))
        return {
          result,
          gaps: { tookMs, gapMs: Math.max(...all.map(({ gapMs }) => gapMs)), missed: Math.max(...all.map(({ missed }) => missed)) }
        }
      })
    yield* flows()
    return { alice, bob, ends, flows, gapsOf }
  })

export type MovableCall = Effect.Success<ReturnType<typeof movableCall>>

export const inWords = ({ gapMs, missed, tookMs }: Gaps): string => `${tookMs} ms; longest gap ${gapMs} ms, ${missed} packets not played`
