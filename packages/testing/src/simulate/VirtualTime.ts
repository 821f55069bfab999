/** Time that goes on only when it is told to, from one due moment to the next. For `simulate`. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Scheduler from "effect/Scheduler"
import { seededRandom } from "../link/SeededRandom.ts"

/**
 * Unlike Effect's `TestClock`, it knows what is due next, so that minutes in which nothing happens cost nothing; and its
 * fibers run as microtasks, so that one turn of the event loop lets everything do what it can do now, however many steps
 * that takes.
 */
export interface VirtualTime {
  /** Clock, scheduler and random numbers for every fiber of the simulation. */
  readonly context: Context.Context<never>
  /** In milliseconds, from 0. */
  readonly now: () => number
  /** When the next sleeper wakes; `undefined` when nobody sleeps. */
  readonly nextMs: () => number | undefined
  /** Moves time on to this moment, and wakes who is due by then, in the order of their moments. */
  readonly advanceTo: (ms: number) => void
  /** How many sleep. */
  readonly sleeping: () => number
  /** Settles when every fiber and promise has done what it can do now. */
  readonly settled: () => Promise<void>
}

interface Sleeper {
  readonly dueMs: number
  readonly wake: () => void
}

/** A task of this scheduler begins when no microtask is left. */
const macrotasks = new Scheduler.MixedScheduler("async")

/** Time begins at 0. Everything random that fibers ask Effect for comes from the seed. */
export const virtualTime = (seed: number): VirtualTime => {
  let nowMs = 0
  // Sorted by their moments, the next one last; among equals the last to come is first, so that they wake in order.
  const sleepers: Array<Sleeper> = []
  const add = (sleeper: Sleeper) => {
    let low = 0
    let high = sleepers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sleepers[middle]?.dueMs ?? 0) > sleeper.dueMs) low = middle + 1
      else high = middle
    }
    sleepers.splice(low, 0, sleeper)
  }
  const nanos = () => BigInt(Math.round(nowMs * 1_000_000))
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => nowMs,
    currentTimeMillis: Effect.sync(() => nowMs),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => {
      const ms = Duration.toMillis(duration)
      if (ms <= 0) return Effect.yieldNow
      return Effect.callback((resume) => {
        const sleeper = { dueMs: nowMs + ms, wake: () => resume(Effect.void) }
        add(sleeper)
        return Effect.sync(() => {
          const i = sleepers.indexOf(sleeper)
          if (i >= 0) sleepers.splice(i, 1)
        })
      })
    }
  }
  const { next } = seededRandom(seed).of("effect")
  // A safe integer has 53 bits: 21 and 32 of two numbers.
  const random = { nextDoubleUnsafe: next, nextIntUnsafe: () => Math.floor(next() * 2 ** 21) * 2 ** 32 + next() * 2 ** 32 }

  return {
    context: Context.empty().pipe(
      Context.add(Clock.Clock, clock),
      Context.add(Random.Random, random),
      Context.add(Scheduler.Scheduler, new Scheduler.MixedScheduler("sync"))
    ),
    now: () => nowMs,
    nextMs: () => sleepers.at(-1)?.dueMs,
    sleeping: () => sleepers.length,
    advanceTo: (ms) => {
      nowMs = Math.max(nowMs, ms)
      for (let next = sleepers.at(-1); next !== undefined && next.dueMs <= nowMs; next = sleepers.at(-1)) {
        sleepers.pop()
        next.wake()
      }
    },
    settled: () => new Promise((resolve) => macrotasks.makeDispatcher().scheduleTask(resolve, 0))
  }
}
