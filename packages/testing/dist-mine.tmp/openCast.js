import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import { openCratePeer } from "./CratePeer.js";
import { openEnd } from "./openEnd.js";
const ofAnn = { name: "ann", user: "ann", other: "bob", device: "phone", session: 1_000 };
const ofBob = { name: "bob", user: "bob", other: "ann", device: "desk", session: 2_000 };
/** Every end lives as long as the scope, or until it is killed. */
export const openCast = (place) => Effect.gen(function* () {
    const scope = yield* Effect.scope;
    const lines = [];
    const openLine = (who) => Effect.tap(openEnd({ ...place, ...who }), (line) => Effect.sync(() => lines.push(line)));
    const ann = yield* openLine(ofAnn);
    const bob = yield* place.scenario.bob === "the crate" ? openCratePeer({ ...place, ...ofBob }) : openLine(ofBob);
    const ends = [ann, bob];
    if (place.scenario.bob === "two lines") {
        ends.push(yield* openLine({ ...ofBob, name: "bob tablet", device: "tablet", session: 3_000 }));
    }
    return {
        ann,
        bob,
        ends,
        kill: (name) => lines.find((line) => line.name === name)?.kill ?? Effect.void,
        startAnew: openLine({ ...ofBob, name: "bob anew", session: 4_000 }).pipe(Effect.tap((end) => Effect.sync(() => ends.push(end))), Effect.orDie, Effect.provideService(Scope.Scope, scope))
    };
});
//# sourceMappingURL=openCast.js.map