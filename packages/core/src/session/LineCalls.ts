/** The calls of a line: which are on, with whom, and which have been. For `CallLine`. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import type { CallInput } from "../call/CallInput.ts"
import type { Abilities, CallState, StateTag } from "../call/CallState.ts"
import type { Recorder } from "../call/Recorder.ts"
import { allowedIn, type Verdict } from "../call/step.ts"
import type { RtcEngine } from "../engine/RtcEngine.ts"
import type { InvalidState, WebRtcError } from "../EnigmaRtcError.ts"
import type { RtcConfig } from "../RtcConfig.ts"
import type { CallSession } from "./CallSession.ts"
import type { Read } from "./Conversation.ts"
import { makeSession, takeMessage } from "./makeSession.ts"
import { type Leg, makeMovingCall, type MovingCall } from "./MovingCall.ts"
import type { Send } from "./perform.ts"
import type { Receipt } from "./Receipt.ts"
import { abilitiesOf, runCall } from "./runCall.ts"

/**
 * A call of a line, which knows whom it is with, and can move to another engine. Its `id` is that of its first
 * connection; each that it moves to has one of its own, which is in `state`.
 */
export interface LineCall extends CallSession {
  /** The peer's name, as the channel has it. */
  readonly peer: string
  /** The name of the engine that the call is on. */
  readonly engine: Effect.Effect<string>
  /**
   * Moves the call to another of the line's engines, by its name, or to a new connection of the same one: a second
   * connection is made beside the first, and takes its place when media are up on it at both ends. The call stays
   * `Connected` and as it is meanwhile, and its media are what the user wants on either. Succeeds when the call has
   * moved; the connection before is let go within 2 s.
   *
   * Fails, and leaves the call where it is, when the new connection fails at either end (`InvalidState` tells by `ended`
   * what ended it, if it was no engine of this end's); with `InvalidState` while the call is not connected, moves already,
   * or is with a peer without delivery fields; with reason `InvalidConfig` for an engine that the line does not have. When
   * both ends do this at once, one of the two goes on, and the other fails unless the call has come to the engine that it
   * was for.
   *
   * Fails with reason `Timeout` when media are up on the new connection, and the peer has not said within
   * `connectTimeoutMs` that they are at its end: then the call moves later, when that word comes, or the new connection ends.
   */
  readonly switchEngine: (engine: string) => Effect.Effect<void, InvalidState | WebRtcError>
}

/** A move of a call that a peer has begun. */
export interface PeerMove {
  /** Who moves it. */
  readonly peer: string
  /** The call's `id`. */
  readonly callId: string
  /** The name of the engine that the call is on, and of the one that it is to go on with. */
  readonly from: string
  readonly to: string
}

/** A connection of a call that is on, and the way in for what happens to it. */
export interface LiveCall {
  readonly call: LineCall
  readonly moving: MovingCall
  /** Its own id on the wire. */
  readonly id: () => string
  /** The id of the connection whose place it is to take, or has taken. */
  readonly replaces?: string
  readonly take: (read: Read) => Receipt
  readonly feed: (input: CallInput) => Verdict
  readonly state: () => CallState
  /**
   * A peer's offer may be for another engine than the one that our own offer was made with. Runs with that engine, and
   * goes back to the one before if the offer was not taken.
   */
  readonly withEngine: (engine: RtcEngine["Service"], take: (changed: { readonly abilities?: Abilities }) => Verdict) => Verdict
}

export interface LineCalls {
  readonly open: (peer: string, callId: string, engine: RtcEngine["Service"]) => Effect.Effect<LiveCall>
  /** A connection that is to take the place of this one. None, if the call is over, or moves already. */
  readonly replace: (one: LiveCall, callId: string, engine: RtcEngine["Service"]) => Effect.Effect<LiveCall | undefined>
  /** Ids are the peer's own: two peers may well give their calls the same. */
  readonly find: (peer: string, callId: string) => LiveCall | undefined
  /** The connections that are on with this peer, oldest first. */
  readonly of: (peer: string) => ReadonlyArray<LiveCall>
  /** How many calls are on; one that moves is one. */
  readonly size: () => number
  /** A call has given itself up for one of the peer's, and goes by that one's name. */
  readonly rename: (peer: string, before: string, after: string) => void
  /** A call that was on, or might have been, is remembered for a while, so that a repeat of its offer does not ring. */
  readonly remember: (peer: string, callId: string) => void
  readonly hasEnded: (peer: string, callId: string) => boolean
}

/** What the calls of a line stand on. */
export interface LineCallsWorld {
  readonly config: RtcConfig
  /** The line's name. */
  readonly from: string
  readonly scope: Scope.Scope
  readonly fork: (effect: Effect.Effect<void>) => void
  readonly sendTo: (peer: string, callId: string) => Send
  /** Begins to move a call, for `switchEngine`. */
  readonly switchEngine: (peer: string, moving: MovingCall, engine: string) => Effect.Effect<void, InvalidState | WebRtcError>
  readonly onEnded: (one: LiveCall) => void
  readonly trace?: Recorder
}

/** How many ended calls of a peer are remembered, and of how many peers. */
const maxEnded = 64
const maxPeers = 64

/** Does the call ring now? A session's state is there without waiting. */
export const ringsNow = (call: LineCall): boolean => {
  const state = Effect.runSync(call.state)
  return state._tag === "IncomingOffer" && state.phase._tag === "Ringing"
}

/** What a session may do, and a line's call beside that. */
const allowedInLine = (state: StateTag): ReadonlyArray<string> =>
  state === "Connected" ? [...allowedIn(state), "switchEngine"] : allowedIn(state)

/** Connections live in a scope of their own within `scope`, which closes when they end. */
export const makeLineCalls = (world: LineCallsWorld): LineCalls => {
  const { config, fork, from, onEnded, scope, sendTo, switchEngine, trace } = world
  const live = new Map<string, LiveCall>()
  const ended = new Map<string, Set<string>>()
  const shrink = <A>(all: { readonly size: number; keys(): Iterator<A>; delete(one: A): boolean }, most: number) => {
    const { value: oldest } = all.keys().next()
    if (all.size > most && oldest !== undefined) all.delete(oldest)
  }
  const remember = (peer: string, callId: string) => {
    const ids = ended.get(peer) ?? new Set()
    ids.add(callId)
    shrink(ids, maxEnded)
    ended.delete(peer)
    ended.set(peer, ids)
    shrink(ended, maxPeers)
  }
  const keyOf = (peer: string, callId: string) => JSON.stringify([peer, callId])

  const connect = (
    moving: MovingCall,
    peer: string,
    callId: string,
    engine: RtcEngine["Service"],
    replaces: string | undefined,
    callOf: (leg: Leg) => LineCall | undefined
  ): Effect.Effect<LiveCall | undefined> =>
    Effect.gen(function*() {
      const own = yield* Scope.fork(scope)
      const send = sendTo(peer, callId)
      const leg = moving.leg(send)
      let one: LiveCall | undefined
      const onOver = () => {
        const id = leg.call.callId()
        live.delete(keyOf(peer, id))
        remember(peer, id)
        if (one !== undefined) onEnded(one)
        fork(Scope.close(own, Exit.void))
      }
      const run = runCall({
        config,
        engine,
        id: callId,
        allowedIn: allowedInLine,
        events: leg.events,
        changes: leg.changes,
        send: replaces === undefined ? send : (message) =>
          message.type === "offer" && message.negotiation === 0
            ? send({ ...message, replaces })
            // Nobody else has heard of it.
            : message.type === "hangup" && message.answered_by !== undefined ? Effect.void : send(message),
        onEnded: onOver,
        trace
      })
      leg.call = yield* Scope.provide(run, own)
      const call = callOf(leg)
      if (call === undefined) {
        yield* Scope.close(own, Exit.void)
        return undefined
      }
      one = {
        call,
        moving,
        id: leg.call.callId,
        ...(replaces === undefined ? {} : { replaces }),
        take: (read) =>
          Result.isSuccess(read) && moving.takes(leg, read.success)
            ? { _tag: "Delivered" }
            : takeMessage(leg.call, leg.events, read, from),
        feed: (input) => leg.call.dispatch(input).verdict,
        state: leg.call.state,
        withEngine: (other, takeOffer) => {
          const before = leg.call.engine()
          leg.call.useEngine(other)
          const verdict = takeOffer(other === before ? {} : { abilities: abilitiesOf(other) })
          if (verdict._tag !== "Moved") leg.call.useEngine(before)
          return verdict
        }
      }
      live.set(keyOf(peer, callId), one)
      return one
    })

  return {
    size: () => new Set([...live.values()].map(({ call }) => call)).size,
    remember,
    hasEnded: (peer, callId) => ended.get(peer)?.has(callId) === true,
    find: (peer, callId) => live.get(keyOf(peer, callId)),
    of: (peer) => [...live.values()].filter(({ call }) => call.peer === peer),
    rename: (peer, before, after) => {
      const one = live.get(keyOf(peer, before))
      if (one === undefined) return
      live.delete(keyOf(peer, before))
      live.set(keyOf(peer, after), one)
      remember(peer, before)
    },
    open: (peer, callId, engine) => {
      const moving = makeMovingCall(fork, config.connectTimeoutMs)
      // The first connection of a call is always there.
      return connect(moving, peer, callId, engine, undefined, (leg) => {
        moving.start(leg)
        // A session's id may change, so that it must stay a getter.
        return Object.assign(makeSession(moving, callId, from), {
          peer,
          engine: Effect.sync(() => moving.current().engine()),
          switchEngine: (name: string) => switchEngine(peer, moving, name)
        })
      }) as Effect.Effect<LiveCall>
    },
    replace: ({ call, id, moving }, callId, engine) =>
      connect(moving, call.peer, callId, engine, id(), (leg) => (moving.begin(leg) ? call : undefined))
  }
}
