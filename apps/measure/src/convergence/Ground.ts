/** What both contestants play a trial on: the same kind of link, and what is noted of them. */
import { faultyLink, type FaultyLink } from "@enigma-rtc/testing"
import type { Stack } from "../stacks/Stack.ts"
import { rows, type TrialSpec } from "./cells.ts"
import { type Held, untilHolds } from "./untilHolds.ts"

export interface Ground {
  readonly stack: Stack
  readonly spec: TrialSpec
  readonly link: FaultyLink
  /** Makes the link as bad as the row says. Until then it is good: a call that is to be changed must be up first. */
  readonly spoil: () => void
  readonly note: (error: unknown, where: string) => void
}

/** How long a call that is to be changed may take to be up, over a good link. */
const readyMs = 8_000

export const makeGround = (stack: Stack, spec: TrialSpec, errors: Array<string>): Ground => {
  const link = faultyLink({ seed: spec.linkSeed })
  return {
    stack,
    spec,
    link,
    spoil: () => {
      link.conditions = rows.find(({ name }) => name === spec.row)?.conditions ?? {}
    },
    note: (error, where) => {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      errors.push(`${where}: ${text}`.slice(0, 300))
    }
  }
}

/** Plays the moves of a trial: readies what has to be there first, spoils the link, makes the move, and waits. */
export const playMoves = async (
  { spoil }: Ground,
  moves: {
    /** What has to be there first, and what is then missing. */
    readonly ready?: { readonly begin: () => void; readonly missing: () => string | undefined }
    readonly move: () => void
    readonly missing: () => string | undefined
    readonly limitMs: number
    readonly longestMs: number
  }
): Promise<Held> => {
  if (moves.ready !== undefined) {
    moves.ready.begin()
    const limits = { sinceMs: performance.now(), limitMs: readyMs, longestMs: readyMs }
    const held = await untilHolds(moves.ready.missing, limits)
    if (held.afterMs === undefined) return { missing: `no call to change, over a good channel: ${held.missing}` }
  }
  spoil()
  const sinceMs = performance.now()
  moves.move()
  return untilHolds(moves.missing, { sinceMs, limitMs: moves.limitMs, longestMs: moves.longestMs })
}
