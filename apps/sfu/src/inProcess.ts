/** A client in the server's own process: the same JSON, no network. For tests and bots. */
import type { SfuSignaling } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { signalingOver } from "./client.ts"
import type { SfuServer } from "./SfuServer.ts"

/** Signaling to a server in this process. */
export interface InProcessSignaling extends SfuSignaling {
  /** Loses the connection, as a network would; another is made soon. */
  readonly drop: Effect.Effect<void>
}

/** Connects to a server in this process. */
export const inProcess = <Identity>(
  server: SfuServer<Identity>,
  identity: Identity
): Effect.Effect<InProcessSignaling, never, Scope.Scope> =>
  Effect.gen(function*() {
    let drop = Effect.void
    const open = Effect.map(server.connect(identity), (connection) => {
      drop = connection.close
      return { send: connection.receive, received: connection.outgoing }
    })
    const signaling = yield* signalingOver(open, { firstMs: 10 })
    return { ...signaling, drop: Effect.suspend(() => drop) }
  })
