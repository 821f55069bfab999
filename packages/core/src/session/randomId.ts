/** Names for calls and lines, from Effect's random service, so that a seed decides them in simulations. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** About 100 bits as text. Unique, and no secret: whoever may send for a call is checked by its channel's peer. */
export const randomId: Effect.Effect<string> = Effect.map(
  Effect.all([Random.nextInt, Random.nextInt]),
  (numbers) => numbers.map((n) => Math.abs(n).toString(36).padStart(11, "0")).join("")
)
