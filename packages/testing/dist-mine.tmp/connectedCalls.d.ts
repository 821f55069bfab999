/** Which calls of a simulated world are on, and over which connections. For `agreements`. */
import type { CallState, StateOf } from "@enigma-rtc/core";
import type { WorldCall, WorldEnd, WorldPeer } from "./World.ts";
export declare const isConnected: (state: CallState) => state is StateOf<"Connected">;
export declare const connectedCalls: ({ calls }: Pick<WorldEnd, "calls">) => ReadonlyArray<WorldCall>;
export declare const openPeers: ({ mock }: WorldEnd) => ReadonlyArray<WorldPeer>;
//# sourceMappingURL=connectedCalls.d.ts.map