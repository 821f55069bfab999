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
  readonly find: (callId: string) => LiveCall | undefined
  /** The calls that are on with this peer, oldest first. */
  readonly of: (peer: string) => ReadonlyArray<LiveCall>
  readonly size: () => number
  /** A call has given itself up for one of the peer's, and goes by that one's name. */
  readonly rename: (before: string, after: string) => void
  /** A call that was on, or might have been, is remembered for a while, so that a repeat of its offer does not ring. */
  readonly remember: (callId: string) => void
  readonly hasEnded: (callId: string) => boolean
}

/** How many ended calls are remembered. */
const maxEnded = 256

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
  const ended = new Set<string>()
  const remember = (callId: string) => {
    ended.add(callId)
    for (const oldest of ended) {
      if (ended.size <= maxEnded) return
      ended.delete(oldest)
    }
  }

  return {
    size: () => live.size,
    remember,
    hasEnded: (callId) => ended.has(callId),
    find: (callId) => live.get(callId),
    of: (peer) => [...live.values()].filter(({ call }) => call.peer === peer),
    rename: (before, after) => {
      const one = live.get(before)
      if (one === undefined) return
      live.delete(before)
      live.set(after, one)
      remember(before)
    },
    open: (peer, callId, send) =>
      Effect.gen(function*() {
        const own = yield* Scope.fork(scope)
        const onOver = () => {
          live.delete(call.id)
          remember(call.id)
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
        live.set(callId, one)
        return one
      })
  }
}
