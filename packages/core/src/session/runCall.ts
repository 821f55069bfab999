/** The engine room of one call: machine, commands, events, and waiting for what was asked. For `CallSession`. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import type { CallCommand } from "../call/CallCommand.ts"
import type { CallInput } from "../call/CallInput.ts"
import type { CallEnd } from "../call/EndReason.ts"
import type { Observe, RecordedCall, Recorder } from "../call/Recorder.ts"
import type { Abilities, CallState, StateTag } from "../call/CallState.ts"
import { idle } from "../call/nextStates.ts"
import type { RtcEngine, RtcPeer } from "../engine/RtcEngine.ts"
import { InvalidState, type WebRtcError } from "../EnigmaRtcError.ts"
import { initialIntent, type RtcConfig } from "../RtcConfig.ts"
import type { EventLog } from "./EventLog.ts"
import { makePerformer, type Send } from "./perform.ts"
import type { RtcEvent } from "./RtcEvent.ts"
import { type Dispatched, runMachine } from "./runMachine.ts"

type Failure = InvalidState | WebRtcError

/** Looks at each new state and what it commands, until it knows how an operation went. */
export type Settle<A, E> = (
  state: CallState,
  commands: ReadonlyArray<CallCommand>
) => Effect.Effect<A, E> | undefined

export interface RunningCall {
  /** The call's id: the session's own until an offer names another. */
  readonly callId: () => string
  readonly state: () => CallState
  readonly dispatch: (input: CallInput) => Dispatched
  /** An operation of the user that must do something: anything else is its error. */
  readonly insist: (operation: string, input: CallInput) => Effect.Effect<Dispatched, InvalidState>
  /** Waits for what an input has set to work. */
  readonly finished: (operation: string, dispatched: Dispatched) => Effect.Effect<void, Failure>
  /** Gives the machine an input, and waits for the state that settles it. */
  readonly outcome: <A, E>(
    operation: string,
    input: CallInput,
    settle: Settle<A, E>
  ) => Effect.Effect<A, E | InvalidState>
  /** How an operation fails when the call ends while it runs. */
  readonly orEnded: (operation: string, state: CallState) => Effect.Effect<never, Failure> | undefined
  readonly notPossible: (operation: string, why: string) => InvalidState
  /** The same, since this has ended first. */
  readonly endedFirst: (operation: string, what: string, end: CallEnd) => InvalidState
  /** Runs on the connection of a call that is connected. */
  readonly onPeer: <A>(
    operation: string,
    run: (peer: RtcPeer) => Effect.Effect<A, WebRtcError, Scope.Scope>
  ) => Effect.Effect<A, Failure>
}

/** A call's machine, with the engine and the channel that it runs over. */
export interface Connection extends RunningCall {
  readonly engine: () => RtcEngine["Service"]
  /** Connections are opened with this engine from now on. */
  readonly useEngine: (engine: RtcEngine["Service"]) => void
  /** Succeeds when the call has ended. */
  readonly ended: Effect.Effect<void>
  /** The engine's error that ended the call. */
  readonly failureOf: (end: CallEnd) => WebRtcError | undefined
}

/** Where a call tells what happens to it. */
export interface CallLogs {
  readonly events: Pick<EventLog<RtcEvent>, "publish" | "end">
  readonly changes: Pick<EventLog<CallState>, "publish" | "end">
}

/** What a call is run with. */
export interface CallWorld extends CallLogs {
  readonly config: RtcConfig
  readonly engine: RtcEngine["Service"]
  readonly id: string
  readonly send: Send | undefined
  /** What the user may do in a state, by the names of operations. */
  readonly allowedIn: (state: StateTag) => ReadonlyArray<string>
  readonly onEnded: () => void
  readonly trace: Recorder | undefined
}

/** What the machine must know of an engine. */
export const abilitiesOf = ({ capabilities }: RtcEngine["Service"]): Abilities => {
  const renegotiates = capabilities.renegotiation && capabilities.rollback
  return { renegotiates, restartsIce: renegotiates && capabilities.iceRestart }
}

export const runCall = (world: CallWorld): Effect.Effect<Connection, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { allowedIn, changes, config, events, id, onEnded, send, trace } = world
    let { engine } = world
    const clock = yield* Clock.Clock
    const fibers = yield* FiberSet.make<unknown, unknown>()
    const fork = yield* FiberSet.runtime(fibers)<never>()
    const watchers = new Set<(state: CallState, commands: ReadonlyArray<CallCommand>) => void>()

    let callId = id
    const performer = makePerformer({
      engine: () => engine,
      config,
      fork,
      send,
      feed: (input) => {
        machine.dispatch(input)
      },
      publish: (event) => events.publish(event)
    })
    const ended = Deferred.makeUnsafe<void>()
    const allSent = Effect.timeoutOption(performer.sent, config.operationTimeoutMs)
    const initial = idle(initialIntent(config), abilitiesOf(engine))
    changes.publish(initial)
    const machine = runMachine(
      initial,
      (before, after) => {
        if ("call" in after) callId = after.call.id
        if (after !== before) changes.publish(after)
        if (after._tag !== before._tag) events.publish({ _tag: "StateChanged", state: after })
      },
      performer.perform,
      (moves) => {
        const over = moves.some(({ state }) => state._tag === "Ended")
        if (over) {
          changes.end()
          // What is still to be sent may fail, and that is told: only then there is nothing more to tell.
          fork(Effect.andThen(allSent, Effect.sync(() => events.end())))
        }
        // A copy: who begins to wait from within is not told of what has been.
        const waiting = [...watchers]
        for (const { commands, state } of moves) for (const watch of waiting) watch(state, commands)
        if (over) {
          Deferred.doneUnsafe(ended, Effect.void)
          onEnded()
        }
      },
      begin(trace, { callId, engine: engine.name, initial, now: () => clock.currentTimeMillisUnsafe() })
    )

    const invalid = (state: StateTag, operation: string, why: string) =>
      new InvalidState({ state, operation, why, allowed: allowedIn(state) })
    const notPossible = (operation: string, why: string) => invalid(machine.state()._tag, operation, why)
    const endedFirst: RunningCall["endedFirst"] = (operation, what, { by, reason }) => {
      const state = machine.state()._tag
      const why = `${what} ended first (${by}: ${reason})`
      return new InvalidState({ state, operation, why, allowed: allowedIn(state), ended: { by, reason } })
    }

    const failureOf: Connection["failureOf"] = ({ failure }) => failure === undefined ? undefined : performer.errorOf(failure)

    const insist: RunningCall["insist"] = (operation, input) =>
      Effect.suspend(() => {
        const state = machine.state()._tag
        const dispatched = machine.dispatch(input)
        const { verdict } = dispatched
        return verdict._tag === "Moved"
          ? Effect.succeed(dispatched)
          : Effect.fail(invalid(state, operation, verdict.why))
      })
    const outcome: RunningCall["outcome"] = <A, E>(operation: string, input: CallInput, settle: Settle<A, E>) =>
      Effect.suspend(() => {
        const settled = Deferred.makeUnsafe<A, E>()
        const watch = (state: CallState, commands: ReadonlyArray<CallCommand>) => {
          const result = settle(state, commands)
          if (result !== undefined) Deferred.doneUnsafe(settled, result)
        }
        watchers.add(watch)
        return insist(operation, input).pipe(
          Effect.andThen(Deferred.await(settled)),
          Effect.ensuring(Effect.sync(() => watchers.delete(watch)))
        )
      })

    // The last thing a call does: it does not outlive its scope, and what it still has to say is said. It is done in a
    // fiber of its own: the one that closes the scope may be interrupted, and then nothing in it can be waited for.
    const leave = Effect.suspend(() => {
      const { _tag } = machine.state()
      if (_tag !== "Ending" && _tag !== "Ended") machine.dispatch({ _tag: "UserHungUp", reason: "normal" })
      // Its engine has that long to close.
      return Effect.timeoutOption(Deferred.await(ended), 2 * config.operationTimeoutMs)
    }).pipe(Effect.andThen(allSent), Effect.andThen(Effect.sync(() => events.end())))
    yield* Effect.addFinalizer(() => Effect.flatMap(Effect.forkDetach(leave), Fiber.await))

    return {
      callId: () => callId,
      state: machine.state,
      engine: () => engine,
      useEngine: (other) => {
        engine = other
      },
      ended: Deferred.await(ended),
      failureOf,
      dispatch: machine.dispatch,
      insist,
      outcome,
      notPossible,
      endedFirst,
      finished: (operation, { tasks }) =>
        Effect.forEach(
          tasks,
          (task) =>
            Effect.flatMap(Fiber.await(task), (exit): Effect.Effect<void, Failure> =>
              Exit.hasInterrupts(exit) ? Effect.fail(notPossible(operation, "the call ended first")) : exit),
          { discard: true }
        ),
      orEnded: (operation, state) => {
        if (!("by" in state)) return undefined
        return Effect.fail(failureOf(state) ?? endedFirst(operation, "the call", state))
      },
      onPeer: <A>(operation: string, run: (peer: RtcPeer) => Effect.Effect<A, WebRtcError, Scope.Scope>) =>
        Effect.suspend((): Effect.Effect<A, Failure> => {
          const peer = machine.state()._tag === "Connected" ? performer.peer() : undefined
          return peer === undefined
            ? Effect.fail(notPossible(operation, "there is no connection"))
            : peer.run(operation, run)
        })
    }
  })

/** Begins to look on, unless whoever would do so throws: that does the call no harm. */
const begin = (trace: Recorder | undefined, call: RecordedCall): Observe | undefined => {
  try {
    return trace?.(call)
  } catch {
    return undefined
  }
}

/** Settles when the call has ended. */
export const untilEnded: Settle<void, never> = (state) => (state._tag === "Ended" ? Effect.void : undefined)
