/** The spaces that are searched: what two ends may do, how often. `docs/testing.md` says what they prove. */
import type { CallBudget } from "./exploreCalls.ts"
import type { CrateBudget } from "./exploreCrate.ts"

/** Spaces that are searched whole within a minute each. */
export const callSearches: { readonly [name: string]: CallBudget } = {
  "both call, A's line is lower": { calls: [1, 1], hangups: [1, 1] },
  "both call, B's line is lower": { calls: [1, 1], hangups: [1, 1], lower: "B" },
  "both call, engines fail, timers fire": { calls: [1, 1], refusals: 1, timeouts: 1, fires: 1 },
  "A calls twice": { calls: [2, 0], hangups: [1, 1] },
  "rounds from both sides": { calls: [1, 0], rounds: [2, 1] },
  "both call, rounds from both sides": { calls: [1, 1], rounds: [1, 1] },
  "rounds, hangups": { calls: [1, 0], rounds: [1, 1], hangups: [1, 1] },
  "rounds, engines fail": { calls: [1, 0], rounds: [1, 1], refusals: 1, timeouts: 1 },
  "both restart ICE, a round": { calls: [1, 0], rounds: [1, 0], restarts: [1, 1] },
  "the path breaks": { calls: [1, 0], cuts: 1, hangups: [1, 1] },
  "B has two devices": { calls: [1, 0], fork: true },
  "B has two devices and calls": { calls: [0, 1], fork: true, hangups: [1, 0] },
  "B starts anew, A calls": { calls: [1, 0], reboots: 1, hangups: [1, 0] },
  "B starts anew, both call": { calls: [1, 1], reboots: 1 },
  "both move the call": { calls: [1, 0], moves: [2, 1] },
  "both move the call, B's line is lower": { calls: [1, 0], moves: [1, 1], lower: "B", relayed: true, refusals: 1 },
  "both move the call, engines fail, timers fire": { calls: [1, 0], moves: [1, 1], refusals: 1, timeouts: 1, fires: 1 },
  "both move the call by a relay, engines fail, timers fire": { calls: [1, 0], moves: [1, 1], refusals: 1, fires: 1, relayed: true },
  "A moves the call, both hang up": { calls: [1, 0], moves: [1, 0], hangups: [1, 1], relayed: true },
  "A moves the call, rounds, a timer fires": { calls: [1, 0], moves: [1, 0], rounds: [1, 0], fires: 1 },
  "A moves the call, both restart ICE": { calls: [1, 0], moves: [1, 0], restarts: [1, 1] },
  "both move the call, B starts anew": { calls: [1, 0], moves: [1, 1], reboots: 1 }
}

/** Spaces of millions of states: what `maxStates` leaves of them is searched. */
export const wideCallSearches: { readonly [name: string]: CallBudget } = {
  "both call, hang up and fail": { calls: [1, 1], hangups: [1, 1], refusals: 1, timeouts: 1, fires: 1 },
  "A calls twice, B once": { calls: [2, 1], hangups: [1, 1] },
  "B starts anew, B's line is lower": { calls: [1, 1], reboots: 1, lower: "B" },
  "both call twice": { calls: [2, 2], hangups: [1, 1] },
  "two rounds from each side": { calls: [1, 0], rounds: [2, 2], hangups: [1, 1] },
  "rounds while the path breaks": { calls: [1, 0], rounds: [1, 1], cuts: 1 },
  "restarts while the path breaks": { calls: [1, 0], restarts: [1, 1], cuts: 1 },
  "two devices, hangups": { calls: [1, 0], fork: true, hangups: [1, 1] },
  "two devices, both call": { calls: [1, 1], fork: true },
  "B starts anew in a round": { calls: [1, 0], rounds: [1, 1], reboots: 1 },
  "moves, hangups": { calls: [1, 0], moves: [1, 1], hangups: [1, 1] },
  "moves by a relay, engines fail, timers fire": { calls: [1, 0], moves: [2, 1], refusals: 1, fires: 2, relayed: true },
  "moves, rounds": { calls: [1, 0], moves: [1, 1], rounds: [1, 1] },
  "A moves the call while the path breaks": { calls: [1, 0], moves: [1, 0], cuts: 1, fires: 1 },
  "moves while the path breaks": { calls: [1, 0], moves: [1, 1], cuts: 1, fires: 2, relayed: true }
}

/** Calls with a peer that knows the crate's four messages only, as far as both can come to the same end at all. */
export const crateSearches: { readonly [name: string]: CrateBudget } = {
  "in order": { calls: [1, 1], reorders: false, repeats: 0 },
  "in order, hangups from the crate": { calls: [1, 1], hangups: [0, 1], reorders: false, repeats: 0 },
  "repeated twice": { calls: [1, 1], reorders: false, repeats: 2 },
  "reordered": { calls: [1, 1], reorders: true, repeats: 0 },
  "reordered and repeated": { calls: [1, 1], reorders: true, repeats: 1 }
}
