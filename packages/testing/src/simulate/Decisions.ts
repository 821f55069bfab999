/** Every random decision of a simulated run, each with a name, so that a run can be had again with fewer of them. */
import { seededRandom, type SeededRandom } from "../link/SeededRandom.ts"

/** One thing that chance has brought about. */
export interface Decision {
  /** The same in every run of the seed in which the same matter comes up. */
  readonly id: string
  /** In virtual milliseconds since the run began. */
  readonly atMs: number
  readonly who: string
  readonly what: string
}

/** What chance decides in a run, and what it has decided. */
export interface Decisions {
  /** What happened, in the order in which it was decided. */
  readonly taken: ReadonlyArray<Decision>
  /** Chances that depend on the seed and the matter's name alone. */
  readonly chancesOf: (matter: string) => SeededRandom
  /** May this happen? What does is on the list. */
  readonly happens: (decision: Decision) => boolean
}

/** With `only`, nothing happens that is not among these ids: all else stays calm. */
export const makeDecisions = (seed: number, only: ReadonlySet<string> | undefined): Decisions => {
  const random = seededRandom(seed)
  const taken = new Map<string, Decision>()
  return {
    get taken() {
      return [...taken.values()]
    },
    chancesOf: random.of,
    happens: (decision) => {
      if (only !== undefined && !only.has(decision.id)) return false
      if (!taken.has(decision.id)) taken.set(decision.id, decision)
      return true
    }
  }
}
