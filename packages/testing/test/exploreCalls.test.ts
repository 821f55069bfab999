/** Every way in which two users can call each other, within small bounds: nothing goes wrong, and every broken rule is found. */
import { describe, expect, it } from "vitest"
import { type CallBudget, callSearches, exploreCalls, type Explored, plantedCallFaults } from "../src/explore/index.ts"

/** Searching takes its time where machines are slow. */
const limitMs = 60_000

/** Spaces that are searched whole, and nearly as many states as each of them has. `npm run explore` searches wider ones. */
const spaces: { readonly [name: string]: readonly [budget: CallBudget, states: number] } = {
  "both call, A's line is lower": [{ calls: [1, 1] }, 1_800],
  "both call, B's line is lower": [{ calls: [1, 1], lower: "B" }, 1_800],
  "both call, an engine fails": [{ calls: [1, 1], refusals: 1 }, 10_000],
  "one calls, both hang up": [{ calls: [1, 0], hangups: [1, 1] }, 2_500],
  "one calls, engines fail, timers fire": [{ calls: [1, 0], refusals: 1, timeouts: 1, fires: 1 }, 2_200],
  "one calls twice": [{ calls: [2, 0], hangups: [1, 0] }, 12_000],
  "a round from the caller": [{ calls: [1, 0], rounds: [1, 0] }, 1_900],
  "a round from the callee": [{ calls: [1, 0], rounds: [0, 1] }, 1_400],
  "rounds from both sides": [{ calls: [1, 0], rounds: [1, 1] }, 18_000],
  "the caller restarts ICE": [{ calls: [1, 0], restarts: [1, 0] }, 1_600],
  "the callee restarts ICE": [{ calls: [1, 0], restarts: [0, 1] }, 2_000],
  "the callee starts anew": [{ calls: [1, 0], reboots: 1 }, 4_500],
  "the caller starts anew": [{ calls: [0, 1], reboots: 1 }, 800],
  "one moves the call": [{ calls: [1, 0], moves: [1, 0], refusals: 1, fires: 1 }, 140],
  "both move the call, there and back": [{ calls: [1, 0], moves: [2, 1] }, 1_500],
  "both move the call by a relay, timers fire": [{ calls: [1, 0], moves: [1, 1], fires: 1, relayed: true }, 1_500],
  "the callee moves the call at once": [{ calls: [1, 0], moves: [0, 1], refusals: 1, fires: 1, applying: true }, 140],
  "both move the call at once": [{ calls: [1, 0], moves: [1, 1], applying: true, relayed: true }, 140],
  "one moves the call, both hang up": [{ calls: [1, 0], moves: [1, 0], hangups: [1, 1] }, 4_000],
  "B has two devices and calls": [callSearches["B has two devices and calls"] ?? { calls: [0, 0] }, 850]
}

const searched = new Map<string, Explored>()
/** The real machine in a space, once for all that ask. */
const real = (budget: CallBudget, maxStates = 20_000): Explored => {
  const name = JSON.stringify(budget)
  const explored = searched.get(name) ?? exploreCalls(budget, {}, { maxStates })
  searched.set(name, explored)
  return explored
}

describe("whatever two users do, both ends come to the same end", () => {
  it.each(Object.entries(spaces))("%s", (_, [budget, states]) => {
    const explored = real(budget)
    expect(explored.violations).toEqual([])
    expect(explored.complete).toBe(true)
    expect(explored.states).toBeGreaterThan(states)
    expect(explored.finals).toBeGreaterThan(0)
  }, limitMs)
})

/** What each fault does, and in how many steps at least. */
const findings: { readonly [fault: string]: readonly [what: string, steps: number] } = {
  "B compares the lines the wrong way round": ["the ends are in different calls", 10],
  "an offer that is not sent yet wins a collision": ["one end is in a call, WaitingAnswer, and the other is not", 8],
  "the loser of a collision does not withdraw its call": ["one end is in a call, IncomingOffer, and the other is not", 10],
  "an answer is taken for any call": ["A: an answer to another offer", 11],
  "the callee does not yield with an offer in the call": ["a round is never over: Out", 20],
  "the one that yields forgets what it wanted": ["what is wanted is never negotiated", 25],
  "an offer that comes while the answer is applied is forgotten": ["media never come up", 17],
  "a candidate is sent for whatever ICE credentials hold now": ["B: a candidate of other ICE credentials", 15],
  "candidates go to the engine before their description": ["A: a candidate of other ICE credentials", 16],
  "a late result is taken for the one that is awaited": ["A: an answer to another offer", 7],
  "the other devices are not told who answered": ["two devices are in a call", 16],
  "a hangup of a device that the call is not with ends it": ["one end is in a call, IncomingOffer, and the other is not", 7],
  "an end goes on as soon as its own media are up": ["one end is in a call, Connected, and the other is not", 14],
  "an end goes on as soon as the peer's media are up": ["an end has two calls", 11],
  "an end that was up forgets it when the move fails": ["one end is in a call, Connected, and the other is not", 22],
  "a peer's word is taken for whatever move is on": ["one end is in a call, Connected, and the other is not", 25],
  "a peer's word that comes after a failed move ends the call": ["one end is in a call, Connected, and the other is not", 12],
  "a call that replaces one that is not on rings": ["a call rings that is to replace another", 4],
  "of two calls that replace the same one both go on": ["an end has two calls", 18]
}
/** More states of the real machine than any fault is found in, where not all of them are seen in a few seconds. */
const manyStates = 17_500

describe("a broken rule is found, by the shortest way, where the real machine breaks none", () => {
  it.each(plantedCallFaults.map(({ name, rule, ...planted }) => [rule, name, planted] as const))("%s: %s", (_, name, { budget, fault }) => {
    const [what, steps] = findings[name] ?? []
    const explored = exploreCalls(budget, fault, { maxStates: 20_000, stopAtFirst: true })
    const [first] = explored.violations
    expect(first?.what).toBe(what)
    expect(first?.trace).toHaveLength(steps ?? 0)
    const unbroken = real(budget, manyStates)
    expect(unbroken.violations).toEqual([])
    expect(unbroken.complete || unbroken.states > explored.states).toBe(true)
  }, limitMs)
})
