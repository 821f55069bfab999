/** The bot in a room of the SFU: with the tone and the picture that it has from peer to peer. For `hostBots`. */
import type { RtcEngine, WebRtcError } from "@enigma-rtc/core"
import { type NodeRoomOptions, SfuEngine, SfuRoom, type SfuSignaling } from "@enigma-rtc/engine-sfu/node"
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export const joinSfu = (
  connect: (name: string) => Effect.Effect<SfuSignaling, never, Scope.Scope>,
  options: Pick<NodeRoomOptions, "localAddresses" | "media" | "portRange">
) =>
(room: string): Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    // One that has failed a moment ago may be there still.
    const signaling = yield* connect(`bot-${randomUUID()}`)
    return yield* SfuEngine.make({ room: yield* SfuRoom.join({ ...options, room, signaling }) })
  })
