/** What is simulated: rows of channels, and columns of what the users do. For `npm run simulate` and its tests. */
import { type Channel } from "./channels.ts";
import type { Scenario } from "./Stage.ts";
/** Channels and scenarios of which each pair is a cell. */
export interface SimulationTable {
    readonly name: string;
    readonly channels: ReadonlyArray<Channel>;
    readonly scenarios: ReadonlyArray<Scenario>;
}
/** Every table. */
export declare const simulationTables: ReadonlyArray<SimulationTable>;
/** Every column of every table. */
export declare const scenarios: ReadonlyArray<Scenario>;
//# sourceMappingURL=simulationTables.d.ts.map