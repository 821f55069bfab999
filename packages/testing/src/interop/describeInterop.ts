/** Calls between two engines as vitest tests. */
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, it, type TestContext } from "vitest"
import { commonCapabilities, type InteropEngine, openStage } from "./InteropStage.ts"
import { interopLinks } from "./links.ts"
import { type Play, plays } from "./plays.ts"

/** How a pair is played. */
export interface InteropOptions {
  /** Decides every fault of the links. Default: another in each run, which is told. */
  readonly seed?: number
  /**
   * Plays that these two do not always get through, and why. They are played and reported, and asserted neither way: their
   * titles say so.
   */
  readonly unsteady?: { readonly [P in Play["id"]]?: string }
}

/** The longest that one play may take, over the worst link. */
const limitMs = 60_000

/**
 * Describes the calls between two engines: every play over every link, each with both ends as its caller where that
 * matters. The `left` of the one meets the `right` of the other. What one of them lacks by its capabilities is skipped.
 */
export const describeInterop = (
  left: InteropEngine,
  right: InteropEngine,
  { seed = Math.floor(Math.random() * 2 ** 31), unsteady = {} }: InteropOptions = {}
): void => {
  describe.concurrent(`calls between ${left.name} and ${right.name}`, () => {
    Effect.runSync(Console.log(`calls between ${left.name} and ${right.name}: seed ${seed}`))
    const common = commonCapabilities(left, right)
    for (const { conditions, name } of interopLinks) {
      for (const { id, needs, run, says } of plays) {
        const missing = needs.filter((need) => !common[need])
        const why = unsteady[id]
        const title = `${id} over a link ${name}: ${says}`
        const play = async ({ signal }: TestContext) => {
          const whole = Effect.timeout(Effect.scoped(Effect.flatMap(openStage(left, right, conditions, seed), run)), limitMs)
          const exit = await Effect.runPromiseExit(whole, { signal })
          if (Exit.isSuccess(exit)) return
          const error = Cause.squash(exit.cause)
          if (why !== undefined) return
          throw new Error(`${left.name} (left), ${right.name} (right), seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
        }
        if (missing.length > 0) it.skip(`${title} [skipped: without ${missing.join(", ")}]`, play)
        else it(why === undefined ? title : `${title} [unsteady: ${why}]`, { timeout: limitMs + 10_000 }, play)
      }
    }
  })
}
