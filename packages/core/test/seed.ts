/** Random inputs that can be had again: each property prints its seed, and takes it back as `SEED=n`. */
import type { Parameters } from "fast-check"

/** Parameters for `fc.assert`, with the seed told under the property's name. `RUNS=n` tries harder. */
export const seeded = (title: string, numRuns: number): Pick<Parameters<unknown>, "seed" | "numRuns"> => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`${title}: SEED=${seed}`)
  return { seed, numRuns: Number(process.env["RUNS"] ?? numRuns) }
}
