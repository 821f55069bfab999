/** What is simulated: rows of channels, and columns of what the users do. For `npm run simulate` and its tests. */
import { type Channel, channels } from "./channels.ts"
import { crateChannels, crateScenarios } from "./crateScenarios.ts"
import { deviceScenarios } from "./deviceScenarios.ts"
import { lineScenarios } from "./scenarios.ts"
import type { Scenario } from "./Stage.ts"
import { switchScenarios } from "./switchScenarios.ts"

/** Channels and scenarios of which each pair is a cell. */
export interface SimulationTable {
  readonly name: string
  readonly channels: ReadonlyArray<Channel>
  readonly scenarios: ReadonlyArray<Scenario>
}

/** Every table. */
export const simulationTables: ReadonlyArray<SimulationTable> = [
  { name: "converged", channels, scenarios: [...lineScenarios, ...deviceScenarios, ...switchScenarios] },
  { name: "converged, with a peer without delivery fields", channels: crateChannels, scenarios: crateScenarios }
]

/** Every column of every table. */
export const scenarios: ReadonlyArray<Scenario> = simulationTables.flatMap((table) => table.scenarios)
