/** Lets every fiber and promise do what it can do now; the test's clock stands still. */
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"

export const settle: Effect.Effect<void> = Effect.gen(function*() {
  // A stack's promise, the fiber that waits for it, and whoever waits for that: each takes a turn or two.
  for (let turn = 0; turn < 6; turn++) yield* TestClock.adjust(0)
})
