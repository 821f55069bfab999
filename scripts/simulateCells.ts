/** Runs seeds of one cell after another, as a child process of `npm run simulate`. */
import { channels, scenarios, simulate, type SimulateOptions } from "@enigma-rtc/testing"

/** Some seeds of one cell. */
export interface Batch {
  readonly row: string
  readonly column: string
  readonly from: number
  readonly count: number
}

/** How the seeds of a batch went. */
export interface BatchResult extends Batch {
  readonly converged: number
  readonly engineErrors: number
  /** Virtual milliseconds of each seed that came to rest. */
  readonly timesMs: ReadonlyArray<number>
  readonly failures: ReadonlyArray<{ readonly seed: number; readonly invariant: string; readonly found: string }>
}

/** A promise that nobody handles is the run's failure, not the end of the process. */
const watchRejections: NonNullable<SimulateOptions["watchRejections"]> = (heard) => {
  process.on("unhandledRejection", heard)
  return () => process.off("unhandledRejection", heard)
}

export const optionsOf = (seed: number, row: string, column: string): SimulateOptions => {
  const channel = channels.find(({ name }) => name === row)
  const scenario = scenarios.find(({ name }) => name === column)
  if (channel === undefined || scenario === undefined) throw new Error(`There is no cell "${row}" x "${column}".`)
  return { seed, channel, scenario, watchRejections }
}

const run = async (batch: Batch): Promise<BatchResult> => {
  const failures: Array<BatchResult["failures"][number]> = []
  const timesMs: Array<number> = []
  let engineErrors = 0
  for (let seed = batch.from; seed < batch.from + batch.count; seed++) {
    const result = await simulate(optionsOf(seed, batch.row, batch.column))
    engineErrors += result.engineErrors
    if (result.convergedMs !== undefined) timesMs.push(result.convergedMs)
    if (result.violation !== undefined) failures.push({ seed, invariant: result.violation.invariant, found: result.violation.found })
  }
  return { ...batch, converged: batch.count - failures.length, engineErrors, timesMs, failures }
}

// Without a parent there is nobody to work for: who replays a run imports this file, too.
process.on("message", (batch: Batch) => {
  void run(batch).then((result) => process.send?.(result))
})
