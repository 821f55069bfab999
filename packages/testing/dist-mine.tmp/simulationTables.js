/** What is simulated: rows of channels, and columns of what the users do. For `npm run simulate` and its tests. */
import { channels } from "./channels.js";
import { crateChannels, crateScenarios } from "./crateScenarios.js";
import { deviceScenarios } from "./deviceScenarios.js";
import { lineScenarios } from "./scenarios.js";
/** Every table. */
export const simulationTables = [
    { name: "converged", channels, scenarios: [...lineScenarios, ...deviceScenarios] },
    { name: "converged, with a peer without delivery fields", channels: crateChannels, scenarios: crateScenarios }
];
/** Every column of every table. */
export const scenarios = simulationTables.flatMap((table) => table.scenarios);
//# sourceMappingURL=simulationTables.js.map