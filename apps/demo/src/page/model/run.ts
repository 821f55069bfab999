/** Runs effects for the page, which nobody may look at just now: no timer holds them up. */
import { withPageScheduler } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { announce } from "./announce.ts"

/** What went wrong, as a person may read it. */
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const runPromise = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(withPageScheduler(effect))
export const runFork = <A, E>(effect: Effect.Effect<A, E>): void => void Effect.runFork(withPageScheduler(effect))

/** Resolves to whether it went well; failures are told in words, and never lost. */
export const run = <A, E>(effect: Effect.Effect<A, E>): Promise<boolean> =>
  runPromise(
    effect.pipe(
      Effect.as(true),
      Effect.catchCause((cause) => Effect.sync(() => {
        const failure = cause.reasons.find((reason) => reason._tag === "Fail")
        if (failure !== undefined) announce(wordsOf(failure.error))
        return false
      }))
    )
  )
