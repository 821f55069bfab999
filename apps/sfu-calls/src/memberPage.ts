/** The script of a page that is a member: its hash has the name, and where the server is. */
import { remoteMediaTrack, SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import * as Effect from "effect/Effect"
import { countDecoded, decodedOf } from "../../conformance/src/browsers/decodedMedia.ts"
import { madeUpMedia } from "../../conformance/src/browsers/madeUpMedia.ts"
import { overSocket } from "../../conformance/src/remote/TextTransport.ts"
import { runMember } from "./Member.ts"

countDecoded()
const { camera, microphone } = await madeUpMedia()
const asked = new URLSearchParams(location.hash.slice(1))
const [name, url] = [asked.get("name") ?? "", asked.get("url") ?? ""]
const join = Effect.gen(function*() {
  const signaling = yield* webSocketSignaling(url)
  const room = yield* SfuRoom.join({ room: "group", token: name, signaling, media: { camera, microphone } })
  return { engine: yield* SfuEngine.make({ room }), peers: room.peers }
})
const socket = new WebSocket(`ws://${location.host}/`)
socket.addEventListener("open", () =>
  void Effect.runPromise(Effect.scoped(runMember(overSocket(socket), { name, join, arrived: decodedOf(remoteMediaTrack) }))))
