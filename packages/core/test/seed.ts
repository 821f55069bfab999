/** Random inputs that can be had again: each property prints its seed, and takes it back as `SEED=n`. */
import type { Parameters } from "fast-check"

/** Parameters for `fc.assert`, with the seed told under the property's name. `RUNS=n` tries harder. */
export const seeded = (title: string, numRuns: number): Pick<Parameters<unknown>, "seed" | "numRuns" | "interruptAfterTimeLimit" | "markInterruptAsFailure"> => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`${title}: SEED=${seed}`)
  return {
    seed,
    numRuns: Number(process.env["RUNS"] ?? numRuns),
    // The shrinking of a failure that holds a whole session description would take for ever.
    interruptAfterTimeLimit: 60_000,
    markInterruptAsFailure: true
  }
}
