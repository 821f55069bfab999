/** Timers as browsers run them in a tab that nobody looks at: once a second. For tests. */
export interface HeldBackTimers {
  /** How many were asked for with no delay: they are turns of somebody who only wants to go on. */
  readonly turns: () => number
  readonly restore: () => void
}

export const holdTimersBack = (): HeldBackTimers => {
  const { setTimeout: timely } = globalThis
  let turns = 0
  globalThis.setTimeout = Object.assign(
    (run: (...given: ReadonlyArray<unknown>) => void, delayMs = 0, ...given: ReadonlyArray<unknown>) => {
      if (delayMs === 0) turns++
      return timely(run, Math.ceil(Math.max(delayMs, 1) / 1_000) * 1_000, ...given)
    },
    timely
  )
  return {
    turns: () => turns,
    restore: () => {
      globalThis.setTimeout = timely
    }
  }
}
