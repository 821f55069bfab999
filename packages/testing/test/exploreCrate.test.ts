/** Every way in which a call with a peer without delivery fields can go, within small bounds: both come to the same end. */
import { describe, expect, it } from "vitest"
import { type CrateBudget, crateSearches, exploreCrate, plantedCrateFaults } from "../src/explore/index.ts"

/** Searching takes its time where machines are slow. */
const limitMs = 60_000

const known = (name: string): CrateBudget => {
  const budget = crateSearches[name]
  if (budget === undefined) throw new Error(`there is no search of the name ${name}`)
  return budget
}
/** Spaces that are searched whole, and nearly as many states as each of them has. `npm run explore` searches wider ones. */
const spaces: { readonly [name: string]: readonly [budget: CrateBudget, states: number] } = {
  "in order": [known("in order"), 180],
  "in order, hangups from the crate": [known("in order, hangups from the crate"), 1_200],
  reordered: [known("reordered"), 450],
  "repeated once": [{ calls: [1, 1], reorders: false, repeats: 1 }, 3_800],
  "ours calls, repeated twice": [{ calls: [1, 0], reorders: false, repeats: 2 }, 5_000],
  "ours calls, reordered and repeated": [{ calls: [1, 0], reorders: true, repeats: 1 }, 800],
  "the crate calls, repeated twice": [{ calls: [0, 1], reorders: false, repeats: 2 }, 1_400],
  "the crate calls, reordered and repeated": [{ calls: [0, 1], reorders: true, repeats: 1 }, 550]
}

describe("whatever the channel does, as long as it loses nothing, both ends come to the same end", () => {
  it.each(Object.entries(spaces))("%s", (_, [budget, states]) => {
    const explored = exploreCrate(budget, { maxStates: 20_000 })
    expect(explored.violations).toEqual([])
    expect(explored.complete).toBe(true)
    expect(explored.states).toBeGreaterThan(states)
    expect(explored.finals).toBeGreaterThan(0)
  }, limitMs)
})

/** What each fault does, and in how many steps at least. */
const findings: { readonly [fault: string]: readonly [what: string, steps: number] } = {
  "nobody yields": ["the ends are in WaitingAnswer and WaitingAnswer", 8],
  "the peer is taken for one with delivery fields": ["the ends are in WaitingAnswer and WaitingAnswer", 8],
  "candidates go only once": ["the crate lacks a candidate", 10],
  "a hangup before its offer is not kept": ["one end is in a call, IncomingOffer, and the other is not", 5]
}

describe("a broken rule is found, by the shortest way, where the real machine breaks none", () => {
  it.each(plantedCrateFaults.map(({ name, rule, ...planted }) => [rule, name, planted] as const))("%s: %s", (_, name, { budget, fault }) => {
    const [what, steps] = findings[name] ?? []
    const [first] = exploreCrate(budget, { fault, stopAtFirst: true }).violations
    expect(first?.what).toBe(what)
    expect(first?.trace).toHaveLength(steps ?? 0)
    expect(exploreCrate(budget)).toMatchObject({ violations: [], complete: true })
  }, limitMs)
})

describe("what cannot work with such a peer is seen to go wrong", () => {
  it.each([
    ["a hangup of ours that overtakes its offer, or comes once more", { calls: [1, 1], hangups: [1, 1], reorders: false, repeats: 0 }],
    ["calls that follow each other closely over a channel that reorders", { calls: [1, 1], hangups: [0, 1], reorders: true, repeats: 0 }]
  ] as const)("%s", (_, budget) => {
    expect(exploreCrate(budget, { stopAtFirst: true }).violations).toHaveLength(1)
  }, limitMs)
})
