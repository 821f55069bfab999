/** Where an SFU's server side is plugged in. For `startServer`, and for who has one. */
import type { SfuSignaling } from "@enigma-rtc/engine-sfu"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { RoomKey } from "../relay/roomLink.ts"
import type { Upgrade } from "./http/routeUpgrades.ts"

/** A running SFU, as the server sees it: sockets at one path of its own. Origins have been checked. */
export interface SfuPlug {
  /** Such as `/sfu`. */
  readonly path: string
  readonly upgrade: Upgrade
  /** For `/figures`. */
  readonly figures?: () => object | Promise<object>
  /** For bots, which are in this process: a connection under this name, whatever the room. */
  readonly connectInside?: (name: string) => Effect.Effect<SfuSignaling, never, Scope.Scope>
}

/** Starts an SFU, which stops with the scope. A failure leaves the server without one, and is told by its message. */
export type OpenSfu = (server: {
  /** Do this room and token belong together? Who has the link may come in. */
  readonly isRoomToken: (key: RoomKey) => boolean
}) => Effect.Effect<SfuPlug, Error, Scope.Scope>
