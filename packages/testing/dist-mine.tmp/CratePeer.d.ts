import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import type { Place, Player } from "./Player.ts";
/** Opens such an end, which lives as long as its scope. */
export declare const openCratePeer: (place: Place) => Effect.Effect<Player, never, Scope.Scope>;
//# sourceMappingURL=CratePeer.d.ts.map