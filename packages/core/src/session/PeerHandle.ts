/** One call's connection, from its opening to its end: operations in order, each limited in time, closed once. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { MediaIntent } from "../call/MediaIntent.ts"
import type { EngineEvent } from "../engine/EngineEvent.ts"
import type { RtcEngine, RtcPeer } from "../engine/RtcEngine.ts"
import { WebRtcError, type WebRtcReason } from "../EnigmaRtcError.ts"
import type { RtcConfig } from "../RtcConfig.ts"
import { askIceServers } from "./askIceServers.ts"

/** Runs an effect beside the caller; what it fails with is for whoever awaits the fiber. */
export type Fork = <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>

export interface PeerHandle {
  /** Opens the connection and hands on its events. */
  readonly open: (intent: MediaIntent) => Effect.Effect<void, WebRtcError>
  /** Runs an operation once the connection is open. Operations begin in the order in which they are asked for. */
  readonly run: <A>(
    operation: string,
    use: (peer: RtcPeer) => Effect.Effect<A, WebRtcError, Scope.Scope>
  ) => Effect.Effect<A, WebRtcError>
  /** Succeeds when the connection is closed, or has been given `operationTimeoutMs` to close. Safe to run twice. */
  readonly close: Effect.Effect<void>
}

export const makePeerHandle = (
  engine: RtcEngine["Service"],
  config: RtcConfig,
  fork: Fork,
  onEvent: (event: EngineEvent) => void
): PeerHandle => {
  const scope = Scope.makeUnsafe()
  const opened = Deferred.makeUnsafe<RtcPeer, WebRtcError>()
  let closing: Fiber.Fiber<void> | undefined

  const fail = (operation: string, reason: WebRtcReason) =>
    Effect.fail(new WebRtcError({ engine: engine.name, operation, reason }))
  const limited = <A>(operation: string, effect: Effect.Effect<A, WebRtcError>) =>
    Effect.timeoutOrElse(effect, {
      duration: config.operationTimeoutMs,
      orElse: () => fail(operation, { _tag: "Timeout", limitMs: config.operationTimeoutMs })
    })

  return {
    open: (intent) =>
      limited(
        "open",
        Effect.flatMap(askIceServers(config), (servers) => Scope.provide(engine.open({ ...config, ...servers }, intent), scope))
      ).pipe(
        Effect.onExit((exit) => Deferred.done(opened, exit)),
        Effect.map((peer) => {
          fork(Stream.runForEach(peer.events, (event) => Effect.sync(() => onEvent(event))))
        })
      ),
    run: (operation, use) =>
      Effect.flatMap(Deferred.await(opened), (peer) =>
        closing === undefined
          ? limited(operation, Scope.provide(use(peer), scope))
          : fail(operation, { _tag: "Closed" })),
    // The closing runs in a fiber of its own: a stack that never lets go must not hold up the call.
    close: Effect.suspend(() => {
      closing ??= fork(Scope.close(scope, Exit.void))
      return Effect.asVoid(Effect.timeoutOption(Fiber.await(closing), config.operationTimeoutMs))
    })
  }
}
