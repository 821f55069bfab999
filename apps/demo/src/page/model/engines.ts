/** By which ways a call's media can go. An entry more, and the switch for it appears in the call. */
import type { RtcEngine, WebRtcError } from "@enigma-rtc/core"
import { BrowserEngine } from "@enigma-rtc/engine-browser"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ServerConfig } from "../../relay/ServerConfig.ts"
import { local } from "./media.ts"

export interface EngineChoice {
  readonly id: "p2p" | "sfu"
  readonly label: string
  readonly open: Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope>
}

const peerToPeer: EngineChoice = { id: "p2p", label: "Peer to peer", open: BrowserEngine.make({ media: local }) }

/** The first is what calls begin with. */
export const enginesOf = (_config: ServerConfig): readonly [EngineChoice, ...ReadonlyArray<EngineChoice>] => [peerToPeer]
