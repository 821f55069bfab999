/** Waits for a condition and never longer than a limit, and tells a quiet time from a pause. For clauses. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Context from "effect/Context"
import { Violation } from "./Clause.ts"

/** What a check waits for now: told when its time is over. */
export const CurrentWait = Context.Reference<{ what: string }>("@enigma-rtc/testing/CurrentWait", {
  defaultValue: () => ({ what: "nothing in particular" })
})

const waitsFor = (what: string) => Effect.map(CurrentWait, (wait) => { wait.what = what })

const stepMs = 5

/** What is waited for, in words, and how long. */
export interface Wait {
  readonly expected: string
  /** What there is instead, in words. */
  readonly found?: () => string
  /** Default 5 s. */
  readonly withinMs?: number
}

/** The first value of `read` that is there. */
export const until = <A, E = never>(
  { expected, found = () => "nothing of it", withinMs = 5_000 }: Wait,
  read: Effect.Effect<A | undefined, E>
): Effect.Effect<A, Violation | E> =>
  Effect.gen(function*() {
    yield* waitsFor(expected)
    const start = yield* Clock.currentTimeMillis
    for (;;) {
      const value = yield* read
      if (value !== undefined) return value
      if ((yield* Clock.currentTimeMillis) - start >= withinMs) {
        return yield* new Violation({ expected: `${expected} within ${withinMs} ms`, found: found() })
      }
      yield* Effect.sleep(stepMs)
    }
  })

/** Fails unless it is so. */
export const insist = (is: boolean, expected: string, found: () => string): Effect.Effect<void, Violation> =>
  is ? Effect.void : Effect.suspend(() => Effect.fail(new Violation({ expected, found: found() })))

/** Longer than any pause of media that arrives, and of anything that is on its way over loopback. */
const quietMs = 400

/** Succeeds once a figure has stood still for 400 ms. */
export const untilStill = <E>(what: string, read: Effect.Effect<number, E>, withinMs = 5_000): Effect.Effect<number, Violation | E> =>
  Effect.gen(function*() {
    yield* waitsFor(`${what} to stop`)
    const start = yield* Clock.currentTimeMillis
    let last = yield* read
    let since = start
    for (;;) {
      yield* Effect.sleep(stepMs)
      const [now, value] = [yield* Clock.currentTimeMillis, yield* read]
      if (value !== last) {
        last = value
        since = now
      } else if (now - since >= quietMs) return value
      if (now - start >= withinMs) {
        return yield* new Violation({ expected: `${what} to stop within ${withinMs} ms`, found: `${last} and growing` })
      }
    }
  })

/** Watches for 400 ms that nothing of a kind happens: what is wrong with `read`, if anything is. */
export const neverDuring = <E>(expected: string, read: Effect.Effect<string | undefined, E>): Effect.Effect<void, Violation | E> =>
  Effect.gen(function*() {
    yield* waitsFor(expected)
    const end = (yield* Clock.currentTimeMillis) + quietMs
    do {
      const found = yield* read
      if (found !== undefined) return yield* new Violation({ expected, found })
      yield* Effect.sleep(stepMs)
    } while ((yield* Clock.currentTimeMillis) < end)
  })
