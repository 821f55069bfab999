/** Effect's clock, on the page's own timers, with hours that a test can leave out. For lines, which tell an end for 32 s. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

interface Sleeper {
  readonly dueMs: number
  readonly wake: () => void
}

export interface SkippingClock {
  readonly clock: Clock.Clock
  /** That many seconds are over, one after another; what is due in each is done before the next. */
  readonly skip: (seconds: number) => Effect.Effect<void>
}

/** Real timers of 0 ms and their microtasks: what has been woken comes to its next wait. */
const settle = Effect.promise(async () => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve))
})

export const makeSkippingClock = (): SkippingClock => {
  let skippedMs = 0
  const sleepers = new Set<Sleeper>()
  const nowMs = () => Date.now() + skippedMs
  const nowNanos = () => BigInt(nowMs()) * 1_000_000n
  const sleep = (ms: number): Effect.Effect<void> =>
    ms <= 0 ? Effect.yieldNow : Effect.callback<void>((resume) => {
      const end = () => {
        clearTimeout(timer)
        sleepers.delete(sleeper)
      }
      const wake = () => {
        end()
        resume(Effect.void)
      }
      const sleeper = { dueMs: nowMs() + ms, wake }
      const timer = setTimeout(wake, ms)
      sleepers.add(sleeper)
      return Effect.sync(end)
    })
  return {
    clock: {
      currentTimeMillisUnsafe: nowMs,
      currentTimeMillis: Effect.sync(nowMs),
      currentTimeNanosUnsafe: nowNanos,
      currentTimeNanos: Effect.sync(nowNanos),
      monotonicTimeNanosUnsafe: nowNanos,
      monotonicTimeNanos: Effect.sync(nowNanos),
      sleep: (duration) => sleep(Duration.toMillis(duration))
    },
    skip: (seconds) =>
      Effect.repeat(
        Effect.andThen(
          Effect.sync(() => {
            skippedMs += 1_000
            for (const { dueMs, wake } of sleepers) if (dueMs <= nowMs()) wake()
          }),
          settle
        ),
        { times: seconds - 1 }
      )
  }
}
