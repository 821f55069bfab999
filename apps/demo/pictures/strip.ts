/** An animation of two glass boxes whose people press call at once over a bad channel. */
import { inflateSync } from "node:zlib"
import { compose } from "./compose.ts"
import type { Scheme, Stage } from "./stage.ts"
import { scale, take, type Take } from "./take.ts"
import { animate } from "./animatedPng.ts"

/** Slower than it was, so that one can follow; the beginning and the end stay. */
const slowness = 2
const firstMs = 1_200
const lastMs = 5_000
const mostTakes = 3
const leastPerSecond = 6

/**
 * Chance decides what the channel does, and how busy the machine is what can be seen of it: a take that shows little is made
 * again, and the best is kept.
 */
const bestTake = async (stage: Stage, scheme: Scheme): Promise<Take> => {
  let best: { readonly worth: number; readonly taken: Take } | undefined
  for (let n = 0; n < mostTakes && (best === undefined || best.worth < 1); n++) {
    const taken = await take(stage, scheme)
    const worth = Math.min(1, taken.moments.length / (taken.convergedMs / 1_000) / leastPerSecond) - (taken.isTelling ? 0 : 1)
    if (best === undefined || worth > best.worth) best = { worth, taken }
  }
  if (best === undefined) throw new Error("There is no take.")
  if (best.worth < 1) console.warn(`convergence-${scheme}: ${best.taken.moments.length} moments of ${Math.round(best.taken.convergedMs)} ms. Is the machine busy? Run it again.`)
  return best.taken
}

export const strip = async (stage: Stage, scheme: Scheme): Promise<Uint8Array> => {
  const taken = await bestTake(stage, scheme)
  const setting = { scheme, scale, names: ["Alice", "Bob"], title: "Both press call at once", channel: "40 % repeats · 300 ms jitter · 20 % loss" } as const
  const { changes, palette } = await stage.studio.evaluate(compose, [taken, setting] as const)
  return animate(Uint8Array.from(palette), changes.map(({ atMs, pixels, ...place }, i) => {
    const next = changes[i + 1]
    const durationMs = next === undefined ? lastMs : i === 0 ? firstMs : Math.round((next.atMs - atMs) * slowness)
    return { ...place, pixels: inflateSync(Buffer.from(pixels, "base64")), durationMs }
  }))
}
