/** A line's call, as its app has it: one, though it is on two connections while it moves from one to the other. For `LineCalls`. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { CallInput } from "../call/CallInput.ts"
import type { CallState } from "../call/CallState.ts"
import { isKnownToPeer, notReplacing, partnerOf, type ReplaceAction, type ReplaceInput, replaceStep } from "../call/replace.ts"
import { type InvalidState, WebRtcError } from "../EnigmaRtcError.ts"
import type { SignalingMessage } from "../signaling/SignalingMessage.ts"
import { EventLog, eventHistory } from "./EventLog.ts"
import type { ShownCall } from "./makeSession.ts"
import type { Send } from "./perform.ts"
import type { CallLogs, Connection } from "./runCall.ts"
import type { Dispatched } from "./runMachine.ts"
import type { RtcEvent } from "./RtcEvent.ts"
import { type EventSource, makeShownEvents } from "./shownEvents.ts"

/** One of the connections that a call is on: a call of its own on the wire. */
export interface Leg extends EventSource, CallLogs {
  /** Set once its machine is there. */
  call: Connection
  now: CallState
  isUp: boolean
  readonly send: Send
}

export interface MovingCall extends ShownCall {
  /** A connection for `start` or `begin`; its call is to be run with its logs. */
  readonly leg: (send: Send) => Leg
  /** Where the call is on. */
  readonly current: () => Leg
  readonly start: (leg: Leg) => void
  /** The call begins to move here, if it does not move already. */
  readonly begin: (leg: Leg) => boolean
  /** Or does somebody wait for it to have moved? */
  readonly isMoving: () => boolean
  /** Takes a peer's word that the next call is up there. Is that what this message is? */
  readonly takes: (leg: Leg, message: SignalingMessage) => boolean
  /**
   * Begins a move, at once; what comes back succeeds when the call has moved to this engine. It fails when the peer's word
   * does not come in time after media are up here: the move itself then waits on for that word, since the peer, who may
   * have heard ours, may have gone on.
   */
  readonly moved: (engine: string, begin: () => void) => Effect.Effect<void, InvalidState | WebRtcError>
}

/** How long the connection before is kept after a move: so long may the peer not have heard yet that it may move, too. */
const lingerMs = 2_000

const isOver = ({ _tag }: CallState): boolean => _tag === "Ending" || _tag === "Ended"
const isUp = (state: CallState): boolean => state._tag === "Connected" && state.media._tag === "Up"

/** Somebody who waits for a move. */
interface Waiting {
  readonly engine: string
  /** Media are up here, or it is settled. */
  readonly up: Deferred.Deferred<void>
  readonly done: Deferred.Deferred<void, InvalidState | WebRtcError>
}

/** `limitMs` is how long the peer's word is waited for. */
export const makeMovingCall = (fork: (effect: Effect.Effect<void>) => void, limitMs: number): MovingCall => {
  const events = new EventLog<RtcEvent>(eventHistory)
  const changes = new EventLog<CallState>(1)
  const shown = makeShownEvents<Leg>(events)
  /** Those that a call has left, and that are not over yet. */
  const leaving = new Set<Leg>()
  let first: Leg
  let current: Leg
  let next: Leg | undefined
  let replacing = notReplacing
  let visible: CallState
  let waiting: Waiting | undefined

  /** What the user's operations are for. */
  const front = () => shown.shown() ?? current
  const others = () => [current, next].filter((leg) => leg !== undefined && leg !== front()) as ReadonlyArray<Leg>
  const settle = (error?: InvalidState | WebRtcError) => {
    if (waiting === undefined) return
    const { done, up } = waiting
    waiting = undefined
    Deferred.doneUnsafe(up, Effect.void)
    Deferred.doneUnsafe(done, error === undefined ? Effect.void : Effect.fail(error))
  }
  /** The call has gone on, with whatever engine. */
  const arrive = () => {
    const engine = current.engine()
    settle(engine === waiting?.engine ? undefined : front().call.notPossible("switchEngine", `the call has gone on with ${engine}`))
  }
  const see = (state: CallState) => {
    visible = state
    changes.publish(state)
  }
  const show = (leg: Leg) => {
    if (shown.shown() === leg) return
    see(leg.now)
    shown.show(leg)
  }
  /** Ends it as the peer does, or has: without a word to anybody. */
  const letGo = ({ call, now }: Leg) => {
    const line = partnerOf(now)
    if (line !== undefined) call.dispatch({ _tag: "PeerHungUp", reason: "replaced", aware: true, line })
  }
  /** The call is on the next connection from now on. */
  const goOn = (leg: Leg) => {
    const before = current
    current = leg
    next = undefined
    leaving.add(before)
    if (leg.isUp) arrive()
    if (leg.now._tag === "Connected") show(leg)
    else {
      shown.place(undefined)
      shown.tellMedia(false)
    }
    return before
  }
  const act = (action: ReplaceAction) => {
    switch (action) {
      case "TellPeer": {
        if (next === undefined) return
        if (waiting !== undefined) Deferred.doneUnsafe(waiting.up, Effect.void)
        const [id, by] = [current.call.callId(), next.call.callId()]
        return fork(Effect.ignore(current.send({ type: "hangup", reason: "replaced", call_id: id, replaced_by: by })))
      }
      case "Move": {
        if (next === undefined) return
        const before = goOn(next)
        return fork(Effect.andThen(Effect.sleep(lingerMs), Effect.sync(() => letGo(before))))
      }
      case "Carry":
        if (next !== undefined) goOn(next)
        return
      case "EndCurrent":
        return letGo(current)
      case "EndNext": {
        const leg = next
        next = undefined
        leg?.call.dispatch({ _tag: "UserHungUp", reason: "normal" })
      }
    }
  }
  const decide = (input: ReplaceInput) => {
    const [after, actions] = replaceStep(replacing, input, next && { id: next.call.callId(), isKnown: isKnownToPeer(next.now) })
    replacing = after
    for (const action of actions) act(action)
  }
  const nextIsOver = (leg: Leg, end: CallState) => {
    decide({ _tag: "NextOver" })
    next = undefined
    if (shown.shown() === leg) show(current)
    if ("by" in end) settle(leg.call.failureOf(end) ?? front().call.endedFirst("switchEngine", "the new call", end))
  }
  const onState = (leg: Leg, state: CallState) => {
    const ends = isOver(state) && !isOver(leg.now)
    const comesUp = isUp(state) && !leg.isUp
    leg.now = state
    leg.isUp ||= comesUp
    if (leg === next) {
      if (ends) nextIsOver(leg, state)
      else if (comesUp) decide({ _tag: "NextUp" })
    } else if (leg === current) {
      if (ends) decide({ _tag: "CurrentOver" })
      if (comesUp && next === undefined) arrive()
      // All that is left of the call; what is said of it from now on is said of the call.
      if (leg === current && shown.shown() === undefined) {
        if (state._tag === "Connected") show(leg)
        else if (ends) shown.place(leg)
      }
      if (leg === current && ends) {
        if ("by" in state) settle(leg.call.endedFirst("switchEngine", "the call", state))
        for (const one of leaving) letGo(one)
      }
    }
    // Media that do not flow are no reason to wait for the peer.
    if (next?.isUp === true && isUp(next.now) && current.now._tag === "Connected" && !isUp(current.now)) show(next)
    if (leg === shown.shown()) {
      if (visible !== state) see(state)
    } else if (state._tag === "Ended") {
      leaving.delete(leg)
      shown.left(leg)
    }
  }

  const dispatch = (input: CallInput): Dispatched => {
    const dispatched = front().call.dispatch(input)
    if (input._tag !== "UserChangedMedia" || dispatched.verdict._tag === "Rejected") return dispatched
    // What the user wants holds wherever the call will be, and where the peer may still hear it: a connection that cannot
    // follow is none for it.
    const also = [...others(), ...leaving].flatMap(({ call }) => {
      const { tasks, verdict } = call.dispatch(input)
      if (verdict._tag === "Rejected") call.dispatch({ _tag: "UserHungUp", reason: "engine_error" })
      return tasks
    })
    return { ...dispatched, also }
  }

  return {
    events,
    changes,
    callId: () => first.call.callId(),
    state: () => visible,
    dispatch,
    insist: (operation, input) =>
      Effect.suspend(() => {
        const dispatched = dispatch(input)
        const { verdict } = dispatched
        return verdict._tag === "Moved"
          ? Effect.succeed(dispatched)
          : Effect.fail(front().call.notPossible(operation, verdict.why))
      }),
    outcome: (operation, input, until) =>
      Effect.suspend(() => {
        if (input._tag !== "UserHungUp") return front().call.outcome(operation, input, until)
        const left = others()
        // The one that the app does not see goes first: so nobody goes on with it, or back to it.
        for (const { call } of left) call.dispatch(input)
        return Effect.tap(
          Effect.suspend(() => front().call.outcome(operation, input, until)),
          () => Effect.forEach([...left, ...leaving], ({ call }) => call.ended, { discard: true })
        )
      }),
    finished: (operation, dispatched) =>
      Effect.andThen(
        front().call.finished(operation, dispatched),
        // The media of the other connection are as the user wants, or it is given up.
        Effect.forEach(dispatched.also ?? [], Fiber.await, { discard: true })
      ),
    orEnded: (operation, state) => front().call.orEnded(operation, state),
    notPossible: (operation, why) => front().call.notPossible(operation, why),
    endedFirst: (operation, what, end) => front().call.endedFirst(operation, what, end),
    onPeer: (operation, run) => Effect.suspend(() => front().call.onPeer(operation, run)),
    leg: (send) => {
      const leg: Leg = {
        // Set by whoever asks, before anything comes of it.
        call: undefined as unknown as Connection,
        now: undefined as unknown as CallState,
        isUp: false,
        send,
        engine: () => leg.call.engine().name,
        tracks: new Set(),
        held: [],
        events: {
          publish: (event) => shown.publish(leg, event),
          end: () => {
            if (leg === current) events.end()
          }
        },
        changes: {
          publish: (state) => {
            if (leg.call === undefined) leg.now = state
            else onState(leg, state)
          },
          end: () => {
            if (leg === current) changes.end()
          }
        }
      }
      return leg
    },
    current: () => current,
    start: (leg) => {
      first = current = leg
      shown.place(leg)
      see(leg.now)
    },
    isMoving: () => next !== undefined || waiting !== undefined,
    begin: (leg) => {
      const { now } = current
      if (next !== undefined || partnerOf(now) === undefined || !("call" in now)) return false
      next = leg
      // As they are at this moment: from now on it is told of each change.
      leg.call.dispatch({ _tag: "UserChangedMedia", media: now.call.intent })
      decide({ _tag: "Begun" })
      return true
    },
    takes: (leg, message) => {
      const by = message.type === "hangup" && message.reason === "replaced" ? message.replaced_by : undefined
      const line = partnerOf(leg.now)
      if (by === undefined || leg !== current || line === undefined || message.from !== line) return false
      decide({ _tag: "PeerUp", by })
      return true
    },
    moved: (engine, begin) => {
      const [up, done] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<void, InvalidState | WebRtcError>()]
      waiting = { engine, up, done }
      begin()
      return Effect.andThen(
        Deferred.await(up),
        Effect.timeoutOrElse(Deferred.await(done), {
          duration: limitMs,
          orElse: () => {
            const reason = { _tag: "Timeout", limitMs } as const
            return Effect.fail(new WebRtcError({ engine: "core", operation: "switchEngine", reason }))
          }
        })
      )
    }
  }
}
