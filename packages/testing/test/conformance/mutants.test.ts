/** Every clause can fail: a fault planted in the mock is caught by its own clause first, and in the right words. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { clauses, runClauses } from "../../src/conformance/index.ts"
import { mockUnderTest } from "../../src/conformance/mockUnderTest.ts"
import { mutants } from "./mutants/index.ts"
import type { Mutant } from "./mutants/Mutant.ts"
import { virtually } from "./virtually.ts"

/** The first clause that a mutant breaks, and what it says. Each clause sees the fault anew. */
const firstCaught = ({ capabilities, clause, plant }: Mutant) =>
  Effect.gen(function*() {
    for (const { id } of clauses) {
      const [result] = yield* runClauses(mockUnderTest(capabilities, plant()), { only: [id] })
      if (result?.verdict._tag === "Broken") return { clause: id, says: result.verdict.error.message }
      if (id === clause) break
    }
    return undefined
  })

describe("a planted fault", () => {
  for (const mutant of mutants) {
    it(`${mutant.clause} catches an engine that ${mutant.fault}`, async () => {
      const caught = await virtually(firstCaught(mutant))
      expect(caught).toEqual({ clause: mutant.clause, says: expect.stringMatching(mutant.says) as unknown })
    })
  }
})

describe("a clause", () => {
  it("has a fault that it catches, every one of them", () => {
    const caught = new Set<string>(mutants.map(({ clause }) => clause))
    expect(clauses.filter(({ id }) => !caught.has(id)).map(({ id }) => id)).toEqual([])
  })
})
