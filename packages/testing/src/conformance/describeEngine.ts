/** The conformance suite as vitest tests, in Node and in browsers. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Clause } from "./Clause.ts"
import { clauses } from "./clauses/index.ts"
import type { EngineUnderTest } from "./EngineUnderTest.ts"
import { checkClause, limitOf, unknownGaps, whySkipped } from "./runClauses.ts"

/** Beyond a clause's own limit: for opening and closing the engines. */
const marginMs = 10_000

/** One test for each clause; those beside each other that need not be alone. `title` ends with why a gap is known. */
const test = (engine: EngineUnderTest, clause: Clause): void => {
  const { id, level, says } = clause
  const gap = engine.knownGaps?.[id]
  const skipped = whySkipped(clause, engine.capabilities)
  const run = () => Effect.runPromise(checkClause(clause, engine))
  const timeout = limitOf(clause) + marginMs
  if (skipped !== undefined) it.skip(`${id} ${level}: ${says} [skipped: ${skipped}]`, run)
  else if (gap !== undefined) it.fails(`${id} ${level}: ${says} [known gap: ${gap}]`, { timeout }, run)
  else it(`${id} ${level}: ${says}`, { timeout }, run)
}

/**
 * Describes an engine's conformance to core's contract, a test for each clause. Skips come from `capabilities` alone. A
 * clause in `knownGaps` is expected to fail, so that mending it turns its test red until its line is deleted.
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
