/** The cells of the table: how bad a channel is, what users do over it, and which trials that makes. For all of convergence. */
import { type ChannelConditions, seededRandom } from "@enigma-rtc/testing"

/** A row: a signaling channel. */
export interface Row {
  readonly name: string
  readonly conditions: ChannelConditions
}

const jitter = { minMs: 0, maxMs: 50 }

export const rows: ReadonlyArray<Row> = [
  { name: "in order", conditions: {} },
  { name: "jitter 0–50 ms", conditions: { delay: jitter } },
  { name: "20 % repeats", conditions: { repeatProbability: 0.2 } },
  { name: "repeats + jitter", conditions: { repeatProbability: 0.2, delay: jitter } },
  { name: "20 % loss + jitter", conditions: { lossProbability: 0.2, delay: jitter } }
]

/** What users do: a column. */
export const columns = ["one side calls", "both call at once", "both renegotiate at once"] as const
export type Column = (typeof columns)[number]

export const contestants = ["script", "ours"] as const
export type Contestant = (typeof contestants)[number]

/** One trial, as a page or a process is asked to play it. */
export interface TrialSpec {
  readonly row: string
  readonly column: Column
  readonly contestant: Contestant
  /** Which trial of its cell. Both contestants play each. */
  readonly number: number
  /** Decides what the channel does. The same for both contestants. */
  readonly linkSeed: number
}

/** What became of a trial. */
export interface TrialResult {
  /** From the first move to the state that then held, if that came within the longest wait. */
  readonly convergedMs?: number
  /** What was missing when the first limit was over. */
  readonly missing?: string
  readonly errors: ReadonlyArray<string>
}

/** Both contestants have converged when they have within this time. */
export const limitMs = 4_000
/** So long ours is watched: what is lost is sent again after 0.5 s, 1 s, 2 s and 4 s. */
export const longestMs = 30_000

/** The trials of one cell, contestants in turns, and in turns first. */
export const trialsOf = (seed: number, row: string, column: Column, count: number): ReadonlyArray<TrialSpec> =>
  Array.from({ length: count }, (_, number) => {
    const linkSeed = seededRandom(seed).of(`${row} / ${column} / ${number}`).int(0, 2 ** 31 - 1)
    const order = number % 2 === 0 ? contestants : contestants.toReversed()
    return order.map((contestant): TrialSpec => ({ row, column, contestant, number, linkSeed }))
  }).flat()
