/** Rooms of a real server with real workers, in this process: the stage of the tests. */
import type { RemoteTrack, WebRtcError } from "@enigma-rtc/core"
import { type NodeRoomOptions, receivedRtp, SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { picture, rtpStream, tone } from "@enigma-rtc/engine-werift"
import { inProcess, SfuServer } from "@enigma-rtc/sfu-server"
import type { BreakablePath } from "@enigma-rtc/testing/conformance"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Carry, overPath } from "./overPath.ts"

export type Server = SfuServer.SfuServer<string>

/** A server that lets in whoever has a token, by the name that the token is. */
export const startServer = (options: Partial<SfuServer.SfuServerOptions<string>> = {}) =>
  SfuServer.make<string>({
    authorise: ({ token }) => (token === undefined ? Effect.fail({ code: "unauthorised" } as const) : Effect.succeed({ peer: token })),
    workers: 1,
    ...options
  })

/** Over a path of the testing package's. */
export const over = (path: BreakablePath): Carry => (candidate) => Effect.map(path.carry({ candidate }), (carried) => carried.candidate)

export const generated = { microphone: tone(), camera: picture(), screen: picture() } as const
export const loopback = { localAddresses: { udp4: "127.0.0.1" } } as const

/** Joins a room of the server, over loopback, with something to send in every slot. */
export const joinRoom = (
  server: Server,
  room: string,
  peer: string,
  options: Partial<NodeRoomOptions> = {},
  carry?: Carry
): Effect.Effect<{ readonly room: SfuRoom; readonly drop: Effect.Effect<void> }, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const signaling = yield* inProcess(server, peer)
    const through = carry === undefined ? signaling : overPath(signaling, carry)
    const joined = yield* SfuRoom.join({ room, token: peer, signaling: through, media: generated, ...loopback, ...options })
    return { room: joined, drop: signaling.drop }
  })

const counts = new WeakMap<RemoteTrack, { packets: number }>()

/** Packets of a track since it was first asked for. */
export const arrived = (track: RemoteTrack): Effect.Effect<number> =>
  Effect.sync(() => {
    const known = counts.get(track)
    if (known !== undefined) return known.packets
    const count = { packets: 0 }
    counts.set(track, count)
    Effect.runFork(Stream.runForEach(receivedRtp(track), () => Effect.sync(() => count.packets++)))
    return 0
  })

/** A second of opus. */
export const secondOfOpus = rtpStream({
  format: { mimeType: "audio/opus", clockRate: 48_000, channels: 2 },
  packets: Stream.tick("20 millis").pipe(
    Stream.take(50),
    Stream.map(() => ({ payload: new Uint8Array(20), timestamp: 0, marker: false }))
  )
})
