/** A call's figures over time, a sample a second. For the plots. */
import type { CallStats, RtpFigures } from "@enigma-rtc/core"

/** What cannot be told is left out. */
export interface Sample {
  readonly inBits?: number
  readonly outBits?: number
  readonly roundTripMs?: number
  /** Of a hundred packets that should have come since the last sample. */
  readonly lossPercent?: number
  readonly jitterMs?: number
}

/** Two minutes. */
export const mostSamples = 120

const sum = (all: ReadonlyArray<RtpFigures>, of: (one: RtpFigures) => number | undefined): number | undefined => {
  const known = all.map(of).filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0)
}
const given = <A extends object>(fields: A) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof A]?: NonNullable<A[K]> }

export const sampleOf = (now: CallStats, before: CallStats | undefined): Sample => {
  const lost = (sum(now.received, (one) => one.packetsLost) ?? 0) - (sum(before?.received ?? [], (one) => one.packetsLost) ?? 0)
  const came = (sum(now.received, (one) => one.packets) ?? 0) - (sum(before?.received ?? [], (one) => one.packets) ?? 0)
  const jitters = now.received.map(({ jitterMs }) => jitterMs).filter((value) => value !== undefined)
  return given({
    inBits: sum(now.received, (one) => one.bitsPerSecond),
    outBits: sum(now.sent, (one) => one.bitsPerSecond),
    roundTripMs: now.roundTripTimeMs ?? now.sent.find((one) => one.roundTripTimeMs !== undefined)?.roundTripTimeMs,
    lossPercent: before === undefined || lost + came <= 0 ? undefined : Math.max(0, (100 * lost) / (lost + came)),
    jitterMs: jitters.length === 0 ? undefined : Math.max(...jitters)
  })
}
