/** The machine's timers, on Effect's clock: started and stopped by name, each fire naming its token. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { TimerName } from "../call/CallInput.ts"
import type { RtcConfig } from "../RtcConfig.ts"

/** How much longer a callee leaves ICE to itself: the caller's restart has gone through by then, if it can. */
const calleePatienceMs = 3_000

/** How long after an offer that the engine could not make it is tried again. */
const retryMs = 5_000

export interface CallTimers {
  readonly start: (timer: TimerName, token: number) => void
  readonly stop: (timer: TimerName) => void
}

export const makeCallTimers = (
  config: RtcConfig,
  fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>,
  fired: (timer: TimerName, token: number) => void
): CallTimers => {
  const running = new Map<TimerName, Fiber.Fiber<void>>()
  const stop = (timer: TimerName) => {
    running.get(timer)?.interruptUnsafe()
    running.delete(timer)
  }
  const limitMs = {
    ring: config.ringTimeoutMs,
    connect: config.connectTimeoutMs,
    reconnect: config.reconnectTimeoutMs,
    negotiation: config.negotiationTimeoutMs,
    retry: retryMs,
    callerGrace: config.disconnectedGraceMs,
    calleeGrace: config.disconnectedGraceMs + calleePatienceMs
  } satisfies { readonly [T in TimerName]: number }
  return {
    stop,
    start: (timer, token) => {
      stop(timer)
      running.set(timer, fork(Effect.andThen(Effect.sleep(limitMs[timer]), Effect.sync(() => fired(timer, token)))))
    }
  }
}
