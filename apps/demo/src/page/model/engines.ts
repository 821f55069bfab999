/** By which ways a call's media can go. With more than one the call has a switch for it. */
import type { RemoteTrack, RtcEngine, WebRtcError } from "@enigma-rtc/core"
import { BrowserEngine, remoteMediaTrack, remoteStream } from "@enigma-rtc/engine-browser"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { RoomKey } from "../../relay/roomLink.ts"
import type { ServerConfig } from "../../relay/ServerConfig.ts"
import { type LateSfu, lateSfu, sfu, sfuError } from "../../sfu/lateSfu.ts"
import { writeSfuToken } from "../../sfu/sfuToken.ts"
import { local } from "./media.ts"
import { serverUrl } from "./serverUrl.ts"
import type * as Sfu from "./sfu.ts"
import { secret } from "./tab.ts"

/** The name of what calls begin with. */
export const p2p = "browser"
export { sfu }

/** A way for media, by its engine's name. */
export interface Way {
  readonly engine: string
  readonly label: string
  /** As the end of "Media goes…". */
  readonly words: string
}

const ways: readonly [Way, Way] = [
  { engine: p2p, label: "Peer to peer", words: "peer to peer" },
  { engine: sfu, label: "Through the SFU", words: "through the SFU" }
]

/** The first is what calls begin with. */
export const waysOf = (config: ServerConfig): ReadonlyArray<Way> => (config.sfu === null ? ways.slice(0, 1) : ways)
export const wordsOf = (engine: string): string => ways.find((way) => way.engine === engine)?.words ?? engine

export const peerToPeer: Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope> = BrowserEngine.make({ media: local })

let loaded: typeof Sfu | undefined
const load = Effect.tryPromise({
  try: async () => (loaded = await import("./sfu.ts")),
  // The server from which it comes is away.
  catch: (cause) => sfuError({ _tag: "Refused" }, cause)
})

/** Costs who does not use it nothing: its script is loaded, and the room joined, when a call is to go there. */
export const throughSfu = (path: string, { room, token }: RoomKey): Effect.Effect<LateSfu, never, Scope.Scope> =>
  lateSfu(Effect.gen(function*() {
    const { SfuEngine, SfuRoom, webSocketSignaling } = yield* load
    const signaling = yield* webSocketSignaling(serverUrl(path))
    return yield* SfuEngine.make({ room: yield* SfuRoom.join({ room, token: writeSfuToken(token, secret), signaling, media: local }) })
  }))

/** What comes on a track, of whichever engine. */
export const streamOf = (track: RemoteTrack): MediaStream =>
  loaded !== undefined && remoteMediaTrack(track) === undefined ? loaded.remoteStream(track) : remoteStream(track)
