import * as Effect from "effect/Effect";
import type { Reply, Scenario, Stage } from "./Stage.ts";
/** Users who accept, with engines that do what they should. */
export declare const reliable: {
    readonly bob: "a line";
    readonly expects: "connected";
    readonly reply: () => Reply;
    readonly engineFailure: 0;
    readonly engineHang: 0;
    readonly playsForMs: 0;
};
/** One calls, the other accepts; then what is measured begins. */
export declare const connected: (stage: Stage) => Effect.Effect<void, never, never>;
export declare const callAtOnce: (stage: Stage) => Effect.Effect<void>;
/** What the users of two lines do. */
export declare const lineScenarios: ReadonlyArray<Scenario>;
//# sourceMappingURL=scenarios.d.ts.map