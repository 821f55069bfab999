/** A member in a process of its own, whose arguments are its name and where the server is; forked, it talks to who forked it. */
import { SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import * as Effect from "effect/Effect"
import { runMember } from "./Member.ts"
import { overProcess } from "./overProcess.ts"
import { arrived, generated } from "./rig.ts"

const [name = "", url = ""] = process.argv.slice(2)
const { camera, microphone } = generated
const join = Effect.gen(function*() {
  const signaling = yield* webSocketSignaling(url)
  const room = yield* SfuRoom.join({ room: "group", token: name, signaling, media: { camera, microphone } })
  return { engine: yield* SfuEngine.make({ room }), peers: room.peers }
})
await Effect.runPromise(Effect.scoped(runMember(overProcess(process), { name, join, arrived })))
