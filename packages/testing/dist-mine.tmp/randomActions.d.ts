import * as Effect from "effect/Effect";
import type { Stage } from "./Stage.ts";
/** An action at the last moment may be the longest cut. */
export declare const longestPlayMs: number;
/** The first action is a call: without one, most of the others have nothing to act on. */
export declare const randomActions: (stage: Stage) => Effect.Effect<void>;
//# sourceMappingURL=randomActions.d.ts.map