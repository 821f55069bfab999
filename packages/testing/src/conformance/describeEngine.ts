/** The conformance suite as vitest tests, in Node and in browsers. */
import * as Effect from "effect/Effect"
import { describe, expect, it, type TestContext } from "vitest"
import type { Clause } from "./Clause.ts"
import { clauses } from "./clauses/index.ts"
import type { EngineUnderTest } from "./EngineUnderTest.ts"
import { judge, limitOf, unknownGaps, type Verdict, whySkipped } from "./runClauses.ts"

/** Beyond a clause's own limit: for opening and closing the engines. */
const marginMs = 10_000

/** Throws what a person must look at. */
const insistGood = (verdict: Verdict): void => {
  switch (verdict._tag) {
    case "Broken": {
      // The sentence says it all; the stack would be the suite's own.
      const failure = new Error(verdict.error.message)
      failure.stack = failure.message
      throw failure
    }
    case "StaleGap":
      throw new Error(`This is no gap (any more): delete its line in knownGaps (${verdict.why})`)
    case "Kept":
    case "KnownGap":
    case "Skipped":
  }
}

/** One test for a clause. Its title ends with why it is skipped, or a known gap. */
const test = (engine: EngineUnderTest, clause: Clause): void => {
  const { id, level, says } = clause
  const gap = engine.knownGaps?.[id]
  const skipped = whySkipped(clause, engine.capabilities)
  const run = async ({ signal }: TestContext) => insistGood(await Effect.runPromise(judge(clause, engine), { signal }))
  const timeout = limitOf(clause) + marginMs
  if (gap !== undefined) it(`${id} ${level}: ${says} [known gap: ${gap}]`, { timeout }, run)
  else if (skipped !== undefined) it.skip(`${id} ${level}: ${says} [skipped: ${skipped}]`, run)
  else it(`${id} ${level}: ${says}`, { timeout }, run)
}

/**
 * Describes an engine's conformance to core's contract, a test for each clause. Skips come from `capabilities` alone. A
 * clause in `knownGaps` is checked all the same and must be broken, so that mending it turns its test red until its line
 * is deleted.
 */
export const describeEngine = (name: string, engine: EngineUnderTest): void => {
  describe(`engine contract: ${name}`, () => {
    it("knownGaps names clauses that there are", () => {
      expect(unknownGaps(engine)).toEqual([])
    })
    describe.concurrent("beside each other", () => {
      for (const clause of clauses) if (clause.alone !== true) test(engine, clause)
    })
    describe("alone", () => {
      for (const clause of clauses) if (clause.alone === true) test(engine, clause)
    })
  })
}
