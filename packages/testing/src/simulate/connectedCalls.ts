/** Which calls of a simulated world are on, and over which connections. For `agreements`. */
import type { CallState, StateOf } from "@enigma-rtc/core"
import type { WorldCall, WorldEnd, WorldPeer } from "./World.ts"

export const isConnected = (state: CallState): state is StateOf<"Connected"> => state._tag === "Connected"

export const connectedCalls = ({ calls }: Pick<WorldEnd, "calls">): ReadonlyArray<WorldCall> => calls.filter(({ state }) => isConnected(state))

export const openPeers = ({ mock }: WorldEnd): ReadonlyArray<WorldPeer> => mock.peers.filter(({ timesClosed }) => timesClosed === 0)
