/** The matrix says what the tests have found, and no more. */
import { describe, expect, it } from "vitest"
import { conformancePage, conformanceSummary } from "../conformanceMatrix.ts"
import { readReport } from "../conformanceResults.ts"

const test = (suite: string, title: string, status: string) => ({ ancestorTitles: [suite, "beside each other"], title, status })
const report = (...assertionResults: ReadonlyArray<ReturnType<typeof test>>) => ({ testResults: [{ assertionResults }] })

describe("a report of the conformance tests", () => {
  it("gives a verdict for each clause, in the order of their numbers", () => {
    const found = readReport(report(
      test("engine contract: mock", "ENG-300 should: b [skipped: without data]", "pending"),
      test("engine contract: mock", "ENG-101 must: a", "passed"),
      test("engine contract: mock", "ENG-102 must: c [known gap: it is slow]", "passed"),
      test("engine contract: mock", "ENG-103 must: d", "failed"),
      test("engine contract: mock", "ENG-104 must: e [known gap: mended meanwhile]", "failed"),
      test("engine contract: mock", "knownGaps names clauses that there are", "passed"),
      test("something else", "ENG-105 must: f", "passed")
    ))
    expect(found.pairs).toEqual([])
    expect(found.engines).toEqual([{
      engine: "mock",
      clauses: [
        { id: "ENG-101", level: "must", says: "a", outcome: "kept", why: undefined },
        { id: "ENG-102", level: "must", says: "c", outcome: "known gap", why: "it is slow" },
        { id: "ENG-103", level: "must", says: "d", outcome: "broken", why: undefined },
        { id: "ENG-104", level: "must", says: "e", outcome: "broken", why: "mended meanwhile" },
        { id: "ENG-300", level: "should", says: "b", outcome: "skipped", why: "without data" }
      ]
    }])
  })

  it("gives a verdict for each play of each pair over each link", () => {
    const { pairs } = readReport(report(
      test("calls between a and b", "INT-2 over a link in order: y", "passed"),
      test("calls between a and b", "INT-1 over a link in order: x [skipped: without data]", "pending"),
      test("calls between a and b", "INT-1 over a link with jitter: x", "failed")
    ))
    expect(pairs.map(({ link, pair, plays }) => [pair, link, plays.map(({ id, outcome }) => `${id} ${outcome}`)])).toEqual([
      ["a and b", "in order", ["INT-1 skipped", "INT-2 kept"]],
      ["a and b", "with jitter", ["INT-1 broken"]]
    ])
  })
})

describe("the page", () => {
  const results = readReport(report(
    test("engine contract: mock", "ENG-102 must: c [known gap: it is slow]", "passed"),
    test("engine contract: werift", "ENG-102 must: c", "passed"),
    test("engine contract: mock", "ENG-800 must: r [skipped: without iceRestart]", "pending"),
    test("engine contract: werift", "ENG-800 must: r", "passed"),
    test("calls between werift and werift", "INT-1 over a link in order: x", "passed")
  ))
  it("has engines as columns, gaps and skips with their reasons", () => {
    const page = conformancePage(results)
    expect(page).toContain("| ENG-102 | c | gap | ✓ |")
    expect(page).toContain("- **mock**, ENG-102: it is slow")
    expect(page).toContain("- **mock**, without iceRestart: ENG-800")
    expect(page).toContain("| werift and werift | in order | ✓ |")
  })
  it("knows the stack of every engine, or refuses", () => {
    expect(() => conformancePage(readReport(report(test("engine contract: new", "ENG-101 must: a", "passed"))))).toThrow('no engine "new"')
  })
  it("is told shortly in a terminal, with its counts", () => {
    expect(conformanceSummary(results)).toMatch(/gaps +1 +0/)
  })
})
