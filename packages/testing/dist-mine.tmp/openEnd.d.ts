/** One end of a simulated world: a line over a mock engine, its calls, and the user's way to act. For `openCast`. */
import { type LineCall, type WebRtcError } from "@enigma-rtc/core";
import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import type { Place, Player } from "./Player.ts";
import type { WorldCall } from "./World.ts";
/** A call, with what its user needs. */
interface FollowedCall extends WorldCall {
    readonly call: LineCall;
}
/** An end that is a line. */
export interface LineEnd extends Player {
    readonly calls: ReadonlyArray<FollowedCall>;
    /** Takes its channel away, as when its process is killed, and only then lets it go. */
    readonly kill: Effect.Effect<void>;
}
/** Opens an end, which lives as long as its scope, if it is not killed before. */
export declare const openEnd: (place: Place) => Effect.Effect<LineEnd, WebRtcError, Scope.Scope>;
export {};
//# sourceMappingURL=openEnd.d.ts.map