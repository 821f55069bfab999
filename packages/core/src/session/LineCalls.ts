/** The calls of a line: which are on, with whom, and which have been. For `CallLine`. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
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

/** A call that is on, and the way in for its messages. */
export interface LiveCall {
  readonly call: LineCall
  readonly take: MadeSession["take"]
}

export interface LineCalls {
  readonly open: (peer: string, callId: string, send: Send) => Effect.Effect<LiveCall>
  /** The call that a message is for: the one that it names, or, if its peer names none, the one that is on with it. */
  readonly find: (peer: string, callId: string | undefined) => LiveCall | undefined
  readonly size: () => number
  /** How many calls of this peer ring here. */
  readonly ringingOf: (peer: string) => number
  /** A call that was on is remembered for a while, so that a repeat of its offer does not ring again. */
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
  scope: Scope.Scope,
  fork: (effect: Effect.Effect<void>) => void,
  onEnded: (call: LineCall) => void
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
  const of = (peer: string) => [...live.values()].filter(({ call }) => call.peer === peer)

  return {
    size: () => live.size,
    ringingOf: (peer) => of(peer).filter(({ call }) => ringsNow(call)).length,
    hasEnded: (callId) => ended.has(callId),
    find: (peer, callId) => (callId === undefined ? of(peer).at(-1) : live.get(callId)),
    open: (peer, callId, send) =>
      Effect.gen(function*() {
        const own = yield* Scope.fork(scope)
        const onOver = () => {
          live.delete(callId)
          remember(callId)
          onEnded(call)
          fork(Scope.close(own, Exit.void))
        }
        const { session, take } = yield* makeSession(config, callId, send, onOver).pipe(
          Scope.provide(own),
          Effect.provideService(RtcEngine, engine)
        )
        const call: LineCall = Object.assign(session, { peer })
        const one = { call, take }
        live.set(callId, one)
        return one
      })
  }
}
