/** Finds the few entries of a trace that matter, by delta debugging (Zeller's ddmin). For bug reports. */
import type { CallTrace, TraceEntry } from "./CallTrace.ts"
import { recordAnew, replay } from "./replay.ts"

/** How much work shrinking may be. */
export interface ShrinkOptions {
  /** After so many tries, what has been found so far is the answer. Default 10,000. */
  readonly maxTries?: number
}

/** A shorter trace that still breaks what the longer one broke. */
export interface Shrunk {
  readonly trace: CallTrace
  readonly tries: number
  /** Without any one of its entries it would no longer break. False when `maxTries` came first. */
  readonly isMinimal: boolean
}

/**
 * Takes entries away as long as `breaks` holds. Each try is recorded anew, so that it tells what this machine says to
 * what is left. The same trace and the same `breaks` give the same answer: `undefined` if the whole trace does not
 * break it.
 */
export const shrink = (
  trace: CallTrace,
  breaks: (trace: CallTrace) => boolean,
  { maxTries = 10_000 }: ShrinkOptions = {}
): Shrunk | undefined => {
  let tries = 0
  const attempt = (entries: ReadonlyArray<TraceEntry>): CallTrace | undefined => {
    tries++
    const shorter = recordAnew({ ...trace, entries })
    return breaks(shorter) ? shorter : undefined
  }
  let best = attempt(trace.entries)
  if (best === undefined) return undefined
  let parts = 2
  while (best.entries.length > 0) {
    const { entries }: CallTrace = best
    parts = Math.min(parts, entries.length)
    let found: CallTrace | undefined
    for (let part = 0; part < parts && found === undefined; part++) {
      if (tries >= maxTries) return { trace: best, tries, isMinimal: false }
      const from = Math.floor((part * entries.length) / parts)
      const to = Math.floor(((part + 1) * entries.length) / parts)
      found = attempt([...entries.slice(0, from), ...entries.slice(to)])
    }
    if (found !== undefined) {
      best = found
      parts = Math.max(2, parts - 1)
    } else if (parts >= entries.length) {
      break
    } else {
      parts *= 2
    }
  }
  return { trace: best, tries, isMinimal: true }
}

/**
 * The shortest way that `shrink` finds to the same moment: the entry at `index` is the last one, and meets the same
 * state and the same verdict, with the same commands, by their names.
 */
export const shortestWayTo = (trace: CallTrace, index: number, options?: ShrinkOptions): Shrunk | undefined => {
  const momentOf = (trace: CallTrace): string | undefined => {
    const last = replay(trace).entries.at(-1)
    if (last === undefined) return undefined
    const { before, state, verdict } = last
    const did = verdict._tag === "Moved" ? verdict.commands.map(({ _tag }) => _tag) : [verdict.why]
    return JSON.stringify([last.entry.input, before._tag, verdict._tag, did, state._tag])
  }
  const whole = { ...trace, entries: trace.entries.slice(0, index + 1) }
  const moment = momentOf(whole)
  return shrink(whole, (shorter) => momentOf(shorter) === moment, options)
}
