/** The script of a page that serves engine-sfu, over the server whose address is in its hash: each engine in a stay of its own. */
import { SfuEngine, SfuRoom, remoteMediaTrack } from "@enigma-rtc/engine-sfu"
import { RtcEngine } from "@enigma-rtc/core"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { countDecoded, decodedOf } from "../../conformance/src/browsers/decodedMedia.ts"
import { madeUpMedia } from "../../conformance/src/browsers/madeUpMedia.ts"
import { serveEngine } from "../../conformance/src/remote/serveEngine.ts"
import { overSocket } from "../../conformance/src/remote/TextTransport.ts"
import { sfuCapabilities } from "./sfuCapabilities.ts"

countDecoded()
const media = await madeUpMedia()
const layer = Layer.effect(RtcEngine, Effect.gen(function*() {
  const signaling = yield* webSocketSignaling(decodeURIComponent(location.hash.slice(1)))
  return yield* SfuEngine.make({ room: yield* SfuRoom.join({ room: "interop", token: crypto.randomUUID(), signaling, media }) })
}))
// No play asks for a microphone that ends.
const engine = { left: layer, right: layer, capabilities: sfuCapabilities, media: { arrived: decodedOf(remoteMediaTrack), ending: layer } }
const socket = new WebSocket(`ws://${location.host}/`)
socket.addEventListener("open", () => void serveEngine(engine, overSocket(socket)))
