import type { Scenario } from "./Stage.ts";
/** What may become of the callee's devices. */
export declare const deviceScenarios: ReadonlyArray<Scenario>;
//# sourceMappingURL=deviceScenarios.d.ts.map