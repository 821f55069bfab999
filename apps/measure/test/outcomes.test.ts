import { describe, expect, test } from "vitest"
import { columns, contestants, rows, type TrialResult, trialsOf } from "../src/convergence/cells.ts"
import { convergencePage } from "../src/convergence/convergencePage.ts"
import { convergencePlot } from "../src/convergence/convergencePlot.ts"
import { type Cell, emptyCell, figuresOf, isKept, isWhole, quantile, type StackOutcome, withTrial } from "../src/convergence/outcomes.ts"
import { faultsOfOurs } from "../src/convergence/report.ts"

const [row] = rows
const column = "both call at once"
const of = (...results: ReadonlyArray<TrialResult>) =>
  results.reduce((cell, result) => withTrial(cell, "ours", result), emptyCell("in order", column)).ours
const stackOf = (result: TrialResult): StackOutcome => ({
  title: "a stack",
  trials: 2,
  seed: 1,
  cells: rows.flatMap(({ name }) =>
    columns.map((column) =>
      [result, { convergedMs: 40, errors: [] }].reduce<Cell>(
        (cell, one) => contestants.reduce((all, who) => withTrial(all, who, one), cell),
        emptyCell(name, column)
      )
    )
  )
})

describe("trials", () => {
  const trials = trialsOf(7, row?.name ?? "", column, 4)
  test("are the same for the same seed, and others for another", () => {
    expect(trialsOf(7, row?.name ?? "", column, 4)).toEqual(trials)
    expect(trialsOf(8, row?.name ?? "", column, 4)).not.toEqual(trials)
  })
  test("are played by both contestants over the same link, in turns", () => {
    expect(trials.map(({ contestant }) => contestant)).toEqual(["script", "ours", "ours", "script", "script", "ours", "ours", "script"])
    for (const { linkSeed, number } of trials) {
      expect(trials.filter((one) => one.number === number && one.linkSeed === linkSeed)).toHaveLength(2)
    }
  })
})

describe("figures", () => {
  test("tell what came in time from what came later, and from what did not come", () => {
    const outcome = of({ convergedMs: 100, errors: [] }, { convergedMs: 5_000, errors: [], missing: "late" }, { errors: [], missing: "stable" })
    expect(figuresOf(outcome)).toMatchObject({ trials: 3, converged: 1, convergedLater: 2, medianMs: 100, slowestMs: 5_000, errors: 0 })
  })
  test("count an error by what it says, not by who says it", () => {
    expect(of({ errors: ["alice: no", "bob: no", "bob accept: no"] }).errors).toEqual({ no: 2, "accept: no": 1 })
  })
  test("take the smallest time that the share does not exceed", () => {
    expect([quantile([3, 1, 2, 4], 0.5), quantile([3, 1, 2, 4], 0.95), quantile([], 0.5)]).toEqual([2, 4, undefined])
  })
})

describe("a stack's outcome", () => {
  test("is kept when ours converges always and without an error, and not otherwise", () => {
    expect(isKept(stackOf({ convergedMs: 9_000, errors: [] }))).toBe(true)
    expect(isKept(stackOf({ errors: [] }))).toBe(false)
    expect(isKept(stackOf({ convergedMs: 50, errors: ["bob: no"] }))).toBe(false)
  })
  test("is whole when both have played every cell", () => {
    const stack = stackOf({ convergedMs: 50, errors: [] })
    expect(isWhole(stack)).toBe(true)
    expect(isWhole({ ...stack, cells: stack.cells.slice(1) })).toBe(false)
  })
  test("shows each fault of ours on the page and in the terminal", () => {
    const stack = stackOf({ errors: ["bob: no <such> thing"], missing: "stable" })
    expect(faultsOfOurs(stack)).toContain("not in 30 s")
    const page = convergencePage([stack], { processor: "p", cores: 2, system: "s" })
    expect(page).toContain("no <such> thing")
    expect(page).toContain("| in order | 1 / 2 | **1 / 2** |")
  })
  test("is drawn as one mark a contestant and cell", () => {
    const plot = convergencePlot([stackOf({ errors: [] })])
    const inLegend = 2
    expect(plot.match(/<circle/g)).toHaveLength(rows.length * columns.length * 2 + inLegend)
    expect(plot).not.toMatch(/NaN|undefined/)
  })
})
