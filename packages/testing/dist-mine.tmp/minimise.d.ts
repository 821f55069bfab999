import type { Simulated, SimulateOptions } from "./Simulated.ts";
/**
 * Delta debugging (Zeller and Hildebrandt, 2002) over the decisions of a run that has failed: takes away halves, quarters
 * and so on, down to single ones, as long as the same invariant is broken. The result is the smallest run that was found.
 */
export declare const minimise: (options: SimulateOptions, failed: Simulated) => Promise<Simulated>;
//# sourceMappingURL=minimise.d.ts.map