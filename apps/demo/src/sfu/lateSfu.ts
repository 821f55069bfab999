/** The SFU's engine of a line, of which nothing is there before a call needs it: only then its room is joined. For the page and the bot. */
import { type Capabilities, type RtcEngine, WebRtcError } from "@enigma-rtc/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"

/** The engine's name. */
export const sfu = "sfu"

/** What the engine says of itself once it is there. */
export const sfuCapabilities: Capabilities = {
  media: true,
  data: true,
  codecPreference: false,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: false
}

/** How long joining may take: a call that is to move there stays where it is meanwhile. */
const joinMs = 5_000

/** An error of this engine's, before the engine is there. */
export const sfuError = (reason: WebRtcError["reason"], cause?: unknown): WebRtcError =>
  new WebRtcError({ engine: sfu, operation: "open", reason, ...(cause === undefined ? {} : { cause }) })

export interface LateSfu {
  readonly engine: RtcEngine["Service"]
  /** Joins now, so that the next call need not wait for it. */
  readonly prepare: Effect.Effect<void, WebRtcError>
}

/**
 * `join` runs at the first need, once for all who need it meanwhile, and again after it has failed. What it has joined is left
 * with the scope, after all that was opened in it later: a line's calls say their ends first.
 */
export const lateSfu = (join: Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope>): Effect.Effect<LateSfu, never, Scope.Scope> =>
  Effect.gen(function*() {
    const scope = yield* Scope.fork(yield* Effect.scope)
    let joined: Deferred.Deferred<RtcEngine["Service"], WebRtcError> | undefined
    const attempt = Effect.gen(function*() {
      const own = yield* Scope.fork(scope)
      return yield* Scope.provide(join, own).pipe(
        Effect.timeoutOrElse({ duration: joinMs, orElse: () => Effect.fail(sfuError({ _tag: "Timeout", limitMs: joinMs })) }),
        Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Scope.close(own, exit)))
      )
    })
    // Whoever needs it first may wait no longer: the others still do.
    const ready = Effect.flatten(Effect.uninterruptible(Effect.suspend(() => {
      if (joined !== undefined) return Effect.succeed(Deferred.await(joined))
      const joining = joined = Deferred.makeUnsafe()
      return Effect.map(Effect.forkIn(attempt, scope), (fiber) => {
        fiber.addObserver((exit) => {
          if (Exit.isFailure(exit)) joined = undefined
          Deferred.doneUnsafe(joining, Exit.hasInterrupts(exit) ? Effect.fail(sfuError({ _tag: "Closed" })) : exit)
        })
        return Deferred.await(joining)
      })
    })))
    return {
      engine: {
        name: sfu,
        capabilities: sfuCapabilities,
        takes: (offer) => /^a=x-enigma-engine:sfu /m.test(offer),
        open: (config, intent) => Effect.flatMap(ready, (engine) => engine.open(config, intent))
      },
      prepare: Effect.asVoid(ready)
    }
  })
