/** Runs an effect in virtual time: minutes in which nothing happens cost nothing. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { virtualTime } from "../../src/simulate/VirtualTime.ts"

export const virtually = async <A, E>(effect: Effect.Effect<A, E>): Promise<A> => {
  const time = virtualTime(1)
  let exit: Exit.Exit<A, E> | undefined
  const fiber = Effect.runForkWith(time.context)(effect)
  fiber.addObserver((result) => { exit = result })
  for (;;) {
    await time.settled()
    if (exit !== undefined) break
    const next = time.nextMs()
    if (next === undefined) throw new Error("Everything waits, and for nothing that has a time.")
    time.advanceTo(next)
  }
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}
