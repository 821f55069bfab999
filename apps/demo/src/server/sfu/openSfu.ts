/** The SFU of `apps/sfu` behind the demo's server: who has a room's link may join the room there. For the demo's command. */
import { acceptWebSockets, inProcess, SfuServer } from "@enigma-rtc/sfu-server"
import { availableParallelism } from "node:os"
import * as Effect from "effect/Effect"
import { RelayLimits } from "../../relay/protocol.ts"
import { readSfuToken } from "../../sfu/sfuToken.ts"
import { relaySettings } from "../relay/RelaySettings.ts"
import { peerId } from "../relay/roomToken.ts"
import type { OpenSfu } from "../SfuPlug.ts"
import { mediaAddresses } from "./mediaAddresses.ts"
import { perAddress } from "./perAddress.ts"

export const sfuPath = "/sfu"

/** Who connects: a page, whose token says who it is, or the bot of a room, which is in this process. */
type Identity = { readonly bot: string } | undefined

/** As many rooms, and people in them, as the relay has; who was cut off is there for a while longer. */
const limits = { rooms: 1_000, peersPerRoom: 48, connections: 4_096 }
/** A room is on one of them. */
const mostWorkers = 4

/** In the place of an SFU where relays share a broker: people of one room would be at different ones. */
export const noSharedSfu: OpenSfu = () => Effect.fail(new Error("relays that share a broker have none in common. All calls go from peer to peer."))

/** `host`: what the server listens on. */
export const openSfu = (host: string): OpenSfu => ({ isRoomToken }) =>
  Effect.gen(function*() {
    const server = yield* SfuServer.make<Identity>({
      authorise: ({ identity, room, token: text = "" }) => {
        if (identity !== undefined) return Effect.succeed({ peer: identity.bot })
        const { secret, token } = readSfuToken(text)
        return isRoomToken({ room, token }) && secret.length >= RelayLimits.secretLeast
          // The id that it has at the relay: who comes again is the same.
          ? Effect.succeed({ peer: peerId(room, secret) })
          : Effect.fail({ code: "unauthorised" })
      },
      workers: Math.min(mostWorkers, availableParallelism()),
      listen: { ip: mediaAddresses(host) },
      limits
    })
    const upgrade = yield* acceptWebSockets(server, { identify: () => Effect.succeed(undefined) })
    return {
      path: sfuPath,
      upgrade: perAddress(relaySettings.connectionsPerAddress, upgrade),
      figures: () => Effect.runPromise(server.figures),
      connectInside: (bot: string) => inProcess(server, { bot })
    }
  })
