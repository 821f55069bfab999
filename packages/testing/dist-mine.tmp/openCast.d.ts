/** Opens the ends of a simulated world: ann's, and what bob has in its scenario. For `openWorld`. */
import type { WebRtcError } from "@enigma-rtc/core";
import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import type { Place, Player } from "./Player.ts";
/** The ends of a world. */
export interface Cast {
    readonly ann: Player;
    readonly bob: Player;
    /** All there are and were, in the order in which they came. */
    readonly ends: ReadonlyArray<Player>;
    readonly kill: (name: string) => Effect.Effect<void>;
    /** A new start of the app of bob's device. */
    readonly startAnew: Effect.Effect<Player>;
}
declare const ofAnn: {
    name: string;
    user: string;
    other: string;
    device: string;
    session: number;
};
/** Every end lives as long as the scope, or until it is killed. */
export declare const openCast: (place: Omit<Place, keyof typeof ofAnn>) => Effect.Effect<Cast, WebRtcError, Scope.Scope>;
export {};
//# sourceMappingURL=openCast.d.ts.map