/** Calls that ring and that no reader has taken yet. For `CallLine`. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Stream from "effect/Stream"

export interface RingingCalls<A> {
  readonly add: (call: A) => void
  /** It rings no more: nobody is to be offered it. */
  readonly remove: (call: A) => void
  readonly end: () => void
  /** Each call that still rings, once, for one reader after another. */
  readonly stream: Stream.Stream<A>
}

export const makeRingingCalls = <A>(ringsNow: (call: A) => boolean): RingingCalls<A> => {
  const waiting = new Set<A>()
  const bell = Latch.makeUnsafe(false)
  let ended = false
  const take: Effect.Effect<readonly [A], Cause.Done> = Effect.suspend(() => {
    for (const call of waiting) {
      waiting.delete(call)
      if (ringsNow(call)) return Effect.succeed([call] as const)
    }
    if (ended) return Cause.done()
    bell.closeUnsafe()
    return Effect.andThen(bell.await, take)
  })
  return {
    add: (call) => {
      waiting.add(call)
      bell.openUnsafe()
    },
    remove: (call) => {
      waiting.delete(call)
    },
    end: () => {
      ended = true
      bell.openUnsafe()
    },
    stream: Stream.fromPull(Effect.succeed(take))
  }
}
