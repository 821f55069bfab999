/** Makes a failing run smaller: as few random decisions as possible, with the same invariant broken. For who must read it. */
import { simulate } from "./simulate.ts"
import type { Simulated, SimulateOptions } from "./Simulated.ts"

/** More attempts than a run of ordinary length needs; one that fails in many ways is not worth more. */
const maxAttempts = 400

/**
 * Delta debugging (Zeller and Hildebrandt, 2002) over the decisions of a run that has failed: takes away halves, quarters
 * and so on, down to single ones, as long as the same invariant is broken. The result is the smallest run that was found.
 */
export const minimise = async (options: SimulateOptions, failed: Simulated): Promise<Simulated> => {
  const { violation } = failed
  if (violation === undefined) return failed
  let smallest = failed
  let ids = failed.decisions.map(({ id }) => id)
  let attempts = 0
  const mayTry = () => attempts < maxAttempts
  const failsWith = async (some: ReadonlyArray<string>): Promise<boolean> => {
    attempts++
    const run = await simulate({ ...options, only: new Set(some) })
    if (run.violation?.invariant !== violation.invariant) return false
    smallest = run
    // What was allowed and did not come up is not needed either.
    ids = run.decisions.map(({ id }) => id)
    return true
  }

  /** Takes away one part after the other, until a smaller run fails. */
  const takeAway = async (parts: number): Promise<boolean> => {
    const before = ids
    const size = Math.ceil(before.length / parts)
    for (let from = 0; from < before.length && mayTry(); from += size) {
      if (await failsWith(before.toSpliced(from, size))) return true
    }
    return false
  }

  if (await failsWith([])) return smallest
  for (let parts = 2; ids.length > 0 && mayTry();) {
    if (await takeAway(parts)) parts = Math.max(parts - 1, 2)
    else if (parts >= ids.length) break
    else parts = Math.min(parts * 2, ids.length)
  }
  return smallest
}
