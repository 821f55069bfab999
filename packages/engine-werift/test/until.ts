/** Waits for a condition, with a limit, so that no test sleeps for longer than it must or passes for having waited. */
import * as Effect from "effect/Effect"

const pollMs = 10

export const until = (what: string | (() => string), isTrue: () => boolean, limitMs = 5_000): Effect.Effect<number> =>
  Effect.gen(function*() {
    const startMs = performance.now()
    while (!isTrue()) {
      if (performance.now() - startMs > limitMs) return yield* Effect.die(new Error(`not within ${limitMs} ms: ${typeof what === "string" ? what : what()}`))
      yield* Effect.sleep(pollMs)
    }
    return performance.now() - startMs
  })
