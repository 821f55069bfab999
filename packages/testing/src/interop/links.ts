/** The signaling links over which two engines play, from good to bad. */
import type { ChannelConditions } from "../link/ChannelConditions.ts"

/** A link: how bad it is. */
export interface InteropLink {
  readonly name: string
  readonly conditions: ChannelConditions
}

const jitter = { delay: { minMs: 0, maxMs: 50 } }

/** Every link over which each play is played. */
export const interopLinks: ReadonlyArray<InteropLink> = [
  { name: "in order", conditions: {} },
  { name: "0–50 ms jitter and 20 % repeats", conditions: { ...jitter, repeatProbability: 0.2 } },
  { name: "20 % loss, 20 % repeats and 0–50 ms jitter", conditions: { ...jitter, repeatProbability: 0.2, lossProbability: 0.2 } }
]
