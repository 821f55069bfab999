import { describe, expect, it } from "vitest"
import { explore, type Space } from "../src/explore/explore.ts"

/** Counters that each go up to their bound, one step at a time. */
const counters = (...bounds: ReadonlyArray<number>): Space<ReadonlyArray<number>> => ({
  initial: bounds.map(() => 0),
  *successors(state) {
    for (const [i, bound] of bounds.entries()) {
      const value = state[i] ?? 0
      if (value < bound) yield { label: `${i}`, state: state.with(i, value + 1) }
    }
  },
  key: (state) => state.join()
})

describe("explore", () => {
  it("visits every state once, by every way, and counts what can go no further", () => {
    expect(explore(counters(3, 4))).toEqual({ states: 20, transitions: 31, finals: 1, violations: [], complete: true })
    expect(explore({ ...counters(2), key: () => "all the same" })).toMatchObject({ states: 1, transitions: 1, finals: 1 })
  })
  it("tells a state by its JSON if nothing else is said", () => {
    const { key: _, ...space } = counters(3, 4)
    expect(explore(space).states).toBe(20)
  })
  it("tells the shortest way to a wrong state, how many are wrong, and does not go on from them", () => {
    const check = ([a = 0, b = 0]: ReadonlyArray<number>) => (a === 2 ? "a is 2" : b === 3 ? "b is 3" : undefined)
    const { states, violations } = explore({ ...counters(9, 9), check })
    expect(violations).toEqual([
      { what: "a is 2", count: 3, trace: ["0", "0"] },
      { what: "b is 3", count: 2, trace: ["1", "1", "1"] }
    ])
    expect(states).toBe(11)
    expect(explore({ ...counters(1), check: () => "the first" }).violations).toEqual([{ what: "the first", count: 1, trace: [] }])
  })
  it("ends at the first wrong state, or after so many states, and says that it has not seen all", () => {
    const check = ([a = 0]: ReadonlyArray<number>) => (a === 2 ? "a is 2" : undefined)
    expect(explore({ ...counters(9, 9), check, stopAtFirst: true })).toMatchObject({ complete: false, violations: [{ count: 1 }] })
    expect(explore({ ...counters(9, 9), maxStates: 50 })).toMatchObject({ states: 50, complete: false, finals: 0 })
    expect(explore({ ...counters(9, 9), maxStates: 100 })).toMatchObject({ states: 100, complete: true })
  })
  it("takes a state for final if only what need not happen leads elsewhere", () => {
    const seen: Array<string> = []
    const space: Space<string> = {
      initial: "waiting",
      *successors(state) {
        yield { label: "again", state }
        if (state === "waiting") yield { label: "told", state: "told", isOptional: true }
        if (state === "told") yield { label: "ends", state: "over" }
      },
      checkFinal: (state) => {
        seen.push(state)
        return state === "waiting" ? "nobody was told" : undefined
      }
    }
    expect(explore(space)).toMatchObject({ states: 3, finals: 2, violations: [{ what: "nobody was told", trace: [] }] })
    expect(seen).toEqual(["waiting", "over"])
  })
  it("finds the way through states that many ways lead to", () => {
    const check = (state: ReadonlyArray<number>) => (state.every((value) => value === 6) ? "the end" : undefined)
    const { states, violations } = explore({ ...counters(6, 6, 6), check })
    expect(states).toBe(343)
    expect(violations[0]?.trace).toHaveLength(18)
    expect(violations[0]?.trace.toSorted().join("")).toBe("000000111111222222")
  })
  it("does a hundred thousand states in seconds", () => {
    expect(explore(counters(46, 46, 46))).toMatchObject({ states: 47 ** 3, complete: true })
  })
})
