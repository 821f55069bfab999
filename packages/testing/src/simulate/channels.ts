/** How bad a simulated signaling channel is, from good to cut: the rows of the table. For `simulate`. */
import type { ChannelConditions, Span } from "../link/ChannelConditions.ts"
import type { Decisions } from "./Decisions.ts"

/** A row of the table: how bad the channel is. */
export interface Channel {
  readonly name: string
  readonly conditions: ChannelConditions
  /** One or two partitions of this length, in milliseconds, soon after the users begin. */
  readonly partitionMs?: number
}

/** What a text takes at least, in milliseconds. */
const fastestMs = 5
const steady = { minMs: fastestMs, maxMs: fastestMs }
const jitter = { minMs: fastestMs, maxMs: fastestMs + 50 }

/** Every row of the table. */
export const channels: ReadonlyArray<Channel> = [
  { name: "in order", conditions: { delay: jitter, inOrder: true } },
  { name: "jitter 50 ms", conditions: { delay: jitter } },
  { name: "20 % repeats", conditions: { delay: steady, inOrder: true, repeatProbability: 0.2 } },
  { name: "repeats + jitter", conditions: { delay: jitter, repeatProbability: 0.2 } },
  { name: "20 % loss", conditions: { delay: steady, inOrder: true, lossProbability: 0.2 } },
  { name: "40 % loss + repeats + jitter", conditions: { delay: jitter, repeatProbability: 0.2, lossProbability: 0.4 } },
  { name: "partitions of 5 s", conditions: { delay: steady, inOrder: true }, partitionMs: 5_000 }
]

/** A channel that has healed: what is sent arrives soon, once and in order. */
export const healed: ChannelConditions = { delay: steady, inOrder: true }

/** The channel's conditions from now on, with its partitions drawn. */
export const conditionsFrom = ({ conditions, partitionMs }: Channel, decisions: Decisions, phase: number, nowMs: number): ChannelConditions => {
  if (partitionMs === undefined) return conditions
  const random = decisions.chancesOf(`partitions of phase ${phase}`)
  const partitions: Array<Span> = []
  let earliestMs = nowMs
  for (let n = 0, count = random.int(1, 2); n < count; n++) {
    // The first comes while the users' first messages are on their way.
    const fromMs = earliestMs + random.int(0, n === 0 ? 200 : 2_000)
    const span = { fromMs, toMs: fromMs + partitionMs }
    earliestMs = span.toMs
    if (decisions.happens({ id: `partition ${n} of phase ${phase}`, atMs: fromMs, who: "link", what: `nothing arrives until ${span.toMs} ms` })) partitions.push(span)
  }
  return { ...conditions, partitions }
}
