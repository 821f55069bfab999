/** Remote candidates for a driver: held until their description, then given in order. For `fromDriver`. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { WebRtcError } from "../EnigmaRtcError.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { DriverOperations } from "./driverOperations.ts"

export interface RemoteCandidates {
  /** Takes a candidate in its turn; the effect within settles when the stack has taken it, beside later operations. */
  readonly take: (candidate: IceCandidate) => Effect.Effect<Effect.Effect<void, WebRtcError>, WebRtcError>
  /** Around an operation that sets a remote description. When it succeeds, what waited for it goes to the stack. */
  readonly around: <A, E>(setting: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** The stack has the description of the operation that is on: what waited for it goes to the stack already now. */
  readonly described: Effect.Effect<void>
  /** The stack has the description of an operation that goes on: there is no need to wait for a turn. */
  readonly isDescribed: () => boolean
  /** Succeeds when that is so. */
  readonly untilDescribed: Effect.Effect<void>
}

/** How many remote candidates wait for their description. */
const maxHeld = 64

const operation = "addRemoteCandidate"

export const remoteCandidates = (
  { attempt, fail }: DriverOperations,
  scope: Scope.Scope,
  onRefused: (candidate: IceCandidate, error: WebRtcError) => void
): RemoteCandidates => {
  let hasDescription = false
  let held: Array<IceCandidate> = []
  let isSetting = false
  let isSet = Deferred.makeUnsafe<void>()

  /** Begins to give a candidate to the stack. A stack may look up an mDNS name for as long as it likes. */
  const begin = (candidate: IceCandidate): Effect.Effect<Effect.Effect<void, WebRtcError>> => {
    const placed = candidate.sdpMid === undefined && candidate.sdpMLineIndex === undefined
      ? { ...candidate, sdpMLineIndex: 0 }
      : candidate
    const adding = attempt(operation, (live) => live.addRemoteCandidate(placed))
    return Effect.map(Effect.forkIn(adding, scope, { startImmediately: true }), (fiber) =>
      Effect.flatMap(Fiber.await(fiber), (exit): Effect.Effect<void, WebRtcError> =>
        Exit.hasInterrupts(exit) ? Effect.fail(fail(operation, { _tag: "Closed" })) : exit))
  }
  const beginOrTell = (candidate: IceCandidate) =>
    Effect.flatMap(begin(candidate), (added) =>
      Effect.forkIn(Effect.catch(added, (error) => Effect.sync(() => onRefused(candidate, error))), scope))
  const release = Effect.suspend(() => {
    hasDescription = true
    const waiting = held
    held = []
    return Effect.forEach(waiting, beginOrTell, { discard: true })
  })

  return {
    take: (candidate) =>
      Effect.suspend(() => {
        if (hasDescription) return begin(candidate)
        if (held.length >= maxHeld) {
          return Effect.fail(
            fail(operation, { _tag: "TooMany", what: "candidates before their description", limit: maxHeld })
          )
        }
        held.push(candidate)
        return Effect.succeed(Effect.void)
      }),
    around: (setting) =>
      Effect.suspend(() => {
        const had = hasDescription
        isSetting = true
        return Effect.onExit(setting, (exit) => {
          isSetting = false
          // Who waits for a later operation's goes on waiting.
          if (Deferred.isDoneUnsafe(isSet)) isSet = Deferred.makeUnsafe()
          if (Exit.isSuccess(exit)) return release
          hasDescription = had
          return Effect.void
        })
      }),
    described: Effect.suspend(() =>
      // An operation that has run out of time is over.
      isSetting ? Effect.andThen(release, Deferred.done(isSet, Exit.void)) : Effect.void),
    isDescribed: () => Deferred.isDoneUnsafe(isSet),
    untilDescribed: Effect.suspend(() => Deferred.await(isSet))
  }
}
