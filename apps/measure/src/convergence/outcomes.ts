/** What came of the trials: kept as little as will do, and read as figures. Pure, for the report, the page and the plot. */
import { type Column, columns, type Contestant, contestants, limitMs, longestMs, rows, type TrialResult } from "./cells.ts"

/** The trials of one contestant in one cell. */
export interface Outcome {
  /** For each trial when it converged, or null if it did not while it was watched. */
  readonly times: ReadonlyArray<number | null>
  /** Errors by their text, with how often they came. */
  readonly errors: Readonly<Record<string, number>>
  /** What was missing after `limitMs`, with how often. */
  readonly missing: Readonly<Record<string, number>>
}

export interface Cell extends Readonly<Record<Contestant, Outcome>> {
  readonly row: string
  readonly column: Column
}

/** All cells of one stack. */
export interface StackOutcome {
  readonly title: string
  readonly trials: number
  readonly seed: number
  readonly cells: ReadonlyArray<Cell>
}

const noOutcome: Outcome = { times: [], errors: {}, missing: {} }

const count = (counts: Readonly<Record<string, number>>, text: string) => ({ ...counts, [text]: (counts[text] ?? 0) + 1 })

/** The cell with one more trial. Which end an error came from, and what of, is no part of its kind. */
export const withTrial = (cell: Cell, contestant: Contestant, { convergedMs, errors, missing }: TrialResult): Cell => {
  const before = cell[contestant]
  const after: Outcome = {
    times: [...before.times, convergedMs ?? null],
    errors: errors.map((text) => text.replace(/^(alice|bob):? /, "")).reduce(count, before.errors),
    missing: missing === undefined ? before.missing : count(before.missing, missing)
  }
  return { ...cell, [contestant]: after }
}

export const emptyCell = (row: string, column: Column): Cell => ({ row, column, script: noOutcome, ours: noOutcome })

/** The smallest time that this share of the list does not exceed. */
export const quantile = (times: ReadonlyArray<number>, share: number): number | undefined =>
  times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * times.length) - 1)]

export interface Figures {
  readonly trials: number
  /** Within `limitMs`. */
  readonly converged: number
  /** While it was watched: the script for `limitMs`, ours for `longestMs`. */
  readonly convergedLater: number
  /** Of the trials that converged. */
  readonly medianMs: number | undefined
  readonly p95Ms: number | undefined
  readonly slowestMs: number | undefined
  readonly errors: number
}

export const figuresOf = ({ errors, times }: Outcome): Figures => {
  const came = times.filter((time) => time !== null)
  return {
    trials: times.length,
    converged: came.filter((time) => time <= limitMs).length,
    convergedLater: came.filter((time) => time <= longestMs).length,
    medianMs: quantile(came, 0.5),
    p95Ms: quantile(came, 0.95),
    slowestMs: quantile(came, 1),
    errors: Object.values(errors).reduce((sum, n) => sum + n, 0)
  }
}

/** All of a contestant's trials on a stack. */
export const together = ({ cells }: StackOutcome, contestant: Contestant): Outcome => ({
  times: cells.flatMap((cell) => cell[contestant].times),
  errors: addAll(cells.map((cell) => cell[contestant].errors)),
  missing: addAll(cells.map((cell) => cell[contestant].missing))
})

const addAll = (all: ReadonlyArray<Readonly<Record<string, number>>>): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const counts of all) for (const [text, n] of Object.entries(counts)) sums[text] = (sums[text] ?? 0) + n
  return sums
}

/** Ours in every trial of every cell, within its longest wait, with no error. */
export const isKept = (stack: StackOutcome): boolean => {
  const { convergedLater, errors, trials } = figuresOf(together(stack, "ours"))
  return trials === convergedLater && errors === 0
}

/** Has every cell been played by both? Only then a stack's outcome is worth writing down. */
export const isWhole = ({ cells }: StackOutcome): boolean =>
  cells.length === rows.length * columns.length && cells.every((cell) => contestants.every((who) => cell[who].times.length > 0))
