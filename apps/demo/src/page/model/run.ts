/** Runs effects for the page: their failures are told in words, and never lost. */
import * as Effect from "effect/Effect"
import { announce } from "./announce.ts"

/** What went wrong, as a person may read it. */
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Resolves to whether it went well. */
export const run = <A, E>(effect: Effect.Effect<A, E>): Promise<boolean> =>
  Effect.runPromise(
    effect.pipe(
      Effect.as(true),
      Effect.catchCause((cause) => Effect.sync(() => {
        const failure = cause.reasons.find((reason) => reason._tag === "Fail")
        if (failure !== undefined) announce(wordsOf(failure.error))
        return false
      }))
    )
  )
