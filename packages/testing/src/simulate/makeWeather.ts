/** How the link of a simulated world gets worse, and heals. For `openWorld`. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { conditionsFrom, healed } from "./channels.ts"
import type { Decisions } from "./Decisions.ts"
import type { FaultyLink } from "../link/FaultyLink.ts"
import type { SimulateOptions } from "./Simulated.ts"

export interface Weather {
  /** The channel is at its worst from now on, until that has been tried long enough. */
  readonly worsen: () => void
  /** The users have done what they do: that is tried for a while, and then all is well. */
  readonly calmDown: () => void
  /** All is well from now on. */
  readonly heal: () => void
  /** When it will heal, or has healed, in virtual milliseconds. */
  readonly healsAtMs: () => number
}

/** The channel, the network and the engines are bad for this long after the users have done what they do. */
const badForMs = 15_000

export const makeWeather = (
  { channel, scenario }: SimulateOptions,
  decisions: Decisions,
  link: FaultyLink,
  nowMs: () => number,
  fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>,
  onHealed: () => void
): Weather => {
  let phase = 0
  let healsAtMs = 0
  let stop = () => {}
  const isHealed = () => link.conditions === healed
  const heal = () => {
    stop()
    if (isHealed()) return
    link.conditions = healed
    onHealed()
  }
  const healIn = (ms: number) => {
    stop()
    healsAtMs = nowMs() + ms
    const fiber = fork(Effect.delay(Effect.sync(heal), ms))
    stop = () => fiber.interruptUnsafe()
  }
  return {
    heal,
    healsAtMs: () => healsAtMs,
    worsen: () => {
      link.conditions = conditionsFrom(channel, decisions, phase++, nowMs())
      healIn(scenario.playsForMs + badForMs)
    },
    calmDown: () => {
      if (!isHealed()) healIn(badForMs)
    }
  }
}
