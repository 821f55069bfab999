import type { Simulated, SimulateOptions } from "./Simulated.ts";
/** Runs one seed of one cell to its end, or to the first thing that is wrong. */
export declare const simulate: (options: SimulateOptions) => Promise<Simulated>;
//# sourceMappingURL=simulate.d.ts.map