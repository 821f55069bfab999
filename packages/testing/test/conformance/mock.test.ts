/** The mock keeps the contract that it is used in place of. */
import { describe, expect, it } from "vitest"
import { clauses, runClauses } from "../../src/conformance/index.ts"
import { mockUnderTest } from "../../src/conformance/mockUnderTest.ts"
import { virtually } from "./virtually.ts"

describe("the mock", () => {
  it("keeps every clause", async () => {
    const results = await virtually(runClauses(mockUnderTest()))
    const broken = results.flatMap(({ verdict }) => (verdict._tag === "Broken" ? [verdict.error.message] : []))
    expect(broken).toEqual([])
    expect(results.map(({ clause }) => clause.id)).toEqual(clauses.map(({ id }) => id))
  })
})
