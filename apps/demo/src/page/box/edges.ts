/** The arrows of the diagram, read from the table that runs. */
import { type StateTag, transitions } from "@enigma-rtc/core/call"

export interface Edge {
  readonly from: StateTag
  readonly to: StateTag
  /** What leads there. */
  readonly inputs: ReadonlyArray<string>
}

/** Every move that leads to another state. */
export const edges: ReadonlyArray<Edge> = Object.entries(transitions).flatMap(([from, row]) => {
  const causes = new Map<StateTag, Array<string>>()
  for (const [input, cell] of Object.entries(row)) {
    for (const branch of cell as ReadonlyArray<{ readonly to?: StateTag }>) {
      if (branch.to === undefined || branch.to === from) continue
      const inputs = causes.get(branch.to) ?? []
      if (!inputs.includes(input)) inputs.push(input)
      causes.set(branch.to, inputs)
    }
  }
  // The table's rows are named by states.
  return [...causes].map(([to, inputs]) => ({ from: from as StateTag, to, inputs }))
})
