/** The calls of a line: which are on, with whom, and which have been. For `CallLine`. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Recorder } from "../call/Recorder.ts"
import { RtcEngine } from "../engine/RtcEngine.ts"
import type { RtcConfig } from "../RtcConfig.ts"
import type { CallSession } from "./CallSession.ts"
import { type MadeSession, makeSession } from "./makeSession.ts"
import type { Send } from "./perform.ts"

/** A call of a line, which knows whom it is with. */
export interface LineCall extends CallSession {
  /** The peer's name, as the channel has it. */
  readonly peer: string
}

/** A call that is on, and the way in for what happens to it. */
export interface LiveCall extends Omit<MadeSession, "session"> {
  readonly call: LineCall
}

export interface LineCalls {
  readonly open: (peer: string, callId: string, send: Send) => Effect.Effect<LiveCall>
  /** Ids are the peer's own: two peers may well give their calls the same. */
  readonly find: (peer: string, callId: string) => LiveCall | undefined
  /** The calls that are on with this peer, oldest first. */
  readonly of: (peer: string) => ReadonlyArray<LiveCall>
  readonly size: () => number
  /** A call has given itself up for one of the peer's, and goes by that one's name. */
  readonly rename: (peer: string, before: string, after: string) => void
  /** A call that was on, or might have been, is remembered for a while, so that a repeat of its offer does not ring. */
  readonly remember: (peer: string, callId: string) => void
  readonly hasEnded: (peer: string, callId: string) => boolean
}

/** How many ended calls of a peer are remembered, and of how many peers. */
const maxEnded = 64
const maxPeers = 64

/** Does the call ring now? A session's state is there without waiting. */
export const ringsNow = (call: LineCall): boolean => {
  const state = Effect.runSync(call.state)
  return state._tag === "IncomingOffer" && state.phase._tag === "Ringing"
}

/** Calls live in a scope of their own within `scope`, which closes when they end. */
export const makeLineCalls = (
  config: RtcConfig,
  engine: RtcEngine["Service"],
  from: string,
  scope: Scope.Scope,
  fork: (effect: Effect.Effect<void>) => void,
  onEnded: (call: LineCall) => void,
  trace?: Recorder
): LineCalls => {
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

  return {
    size: () => live.size,
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
    open: (peer, callId, send) =>
      Effect.gen(function*() {
        const own = yield* Scope.fork(scope)
        const onOver = () => {
          live.delete(keyOf(peer, call.id))
          remember(peer, call.id)
          onEnded(call)
          fork(Scope.close(own, Exit.void))
        }
        const { session, ...way } = yield* makeSession(config, callId, send, onOver, from, trace).pipe(
          Scope.provide(own),
          Effect.provideService(RtcEngine, engine)
        )
        // A session's id may change, so that it must stay a getter.
        const call: LineCall = Object.assign(session, { peer })
        const one = { call, ...way }
        live.set(keyOf(peer, callId), one)
        return one
      })
  }
}
