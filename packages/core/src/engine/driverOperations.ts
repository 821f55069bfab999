/** Runs a driver's calls so that each settles: in order, within a time limit, and not beyond the peer's end. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { WebRtcError, type WebRtcReason } from "../EnigmaRtcError.ts"
import type { Driver } from "./Driver.ts"

export interface DriverOperations {
  readonly fail: (operation: string, reason: WebRtcReason, cause?: unknown) => WebRtcError
  /** Runs what a stack does, which may throw, reject, or never settle. */
  readonly settle: <A>(operation: string, run: () => A | Promise<A>) => Effect.Effect<A, WebRtcError>
  /** The same on the open connection; fails with `Closed` when there is none. */
  readonly attempt: <A>(
    operation: string,
    run: (driver: Driver) => A | Promise<A>
  ) => Effect.Effect<A, WebRtcError>
  /** Fails with `Closed` when the peer closes first, or has closed. */
  readonly untilClosed: <A, R>(
    operation: string,
    effect: Effect.Effect<A, WebRtcError, R>
  ) => Effect.Effect<A, WebRtcError, R>
  /** After all that was asked for earlier. */
  readonly inTurn: <A>(operation: string, effect: Effect.Effect<A, WebRtcError>) => Effect.Effect<A, WebRtcError>
  /** Nothing runs in its turn, and nothing waits for its own. */
  readonly isIdle: () => boolean
  /** From now on every operation fails with `Closed`, running ones too. */
  readonly close: () => void
  readonly isClosed: () => boolean
}

export const driverOperations = (
  engine: string,
  operationTimeoutMs: number,
  driver: () => Driver | undefined
): DriverOperations => {
  const queue = Semaphore.makeUnsafe(1)
  const closing = Deferred.makeUnsafe<void>()
  let closed = false
  let asked = 0

  const fail = (operation: string, reason: WebRtcReason, cause?: unknown) =>
    new WebRtcError({ engine, operation, reason, ...(cause === undefined ? {} : { cause }) })
  const settle: DriverOperations["settle"] = (operation, run) =>
    Effect.tryPromise({
      try: async () => run(),
      // An adapter's own error as it is; what its stack threw as an error of ours.
      catch: (cause) => (cause instanceof WebRtcError ? cause : fail(operation, { _tag: "Refused" }, cause))
    }).pipe(
      Effect.timeoutOrElse({
        duration: operationTimeoutMs,
        orElse: () => Effect.fail(fail(operation, { _tag: "Timeout", limitMs: operationTimeoutMs }))
      })
    )
  const untilClosed: DriverOperations["untilClosed"] = (operation, effect) =>
    Effect.suspend(() => {
      // Made when it is needed: an error that nobody gets costs as much as one that is told.
      const over = Effect.suspend(() => Effect.fail(fail(operation, { _tag: "Closed" })))
      return closed ? over : Effect.raceFirst(effect, Effect.andThen(Deferred.await(closing), over))
    })

  return {
    fail,
    settle,
    untilClosed,
    inTurn: (operation, effect) =>
      Effect.suspend(() => {
        asked += 1
        return Effect.ensuring(untilClosed(operation, queue.withPermits(1)(effect)), Effect.sync(() => { asked -= 1 }))
      }),
    isIdle: () => asked === 0,
    attempt: (operation, run) =>
      Effect.suspend(() => {
        const live = driver()
        return closed || live === undefined
          ? Effect.fail(fail(operation, { _tag: "Closed" }))
          : settle(operation, () => run(live))
      }),
    close: () => {
      closed = true
      Deferred.doneUnsafe(closing, Effect.void)
    },
    isClosed: () => closed
  }
}
