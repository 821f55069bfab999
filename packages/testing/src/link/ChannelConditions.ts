/** How bad a signaling channel is, and what becomes of one text on it. For `FaultyLink`. */
import type { SeededRandom } from "./SeededRandom.ts"

/** From `fromMs`, included, to `toMs`, not included: milliseconds since the first channel was joined. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** How bad a channel is. Without any of these it delivers every text once, in order, at once. */
export interface ChannelConditions {
  /** That a text is lost: 0 to 1. */
  readonly lossProbability?: number
  /** How long a text takes, evenly between the two, in milliseconds. Texts overtake each other. */
  readonly delay?: { readonly minMs: number; readonly maxMs: number }
  /** No text overtakes an earlier one of the same sender; only repeats come late. */
  readonly inOrder?: boolean
  /** That a second copy of a text arrives, with a delay of its own: 0 to 1. */
  readonly repeatProbability?: number
  /** What is sent meanwhile is lost; or, with `held`, it arrives when the partition ends. */
  readonly partitions?: ReadonlyArray<Span & { readonly held?: boolean }>
  /** The channel of this name, or of every name, is down: `send` fails meanwhile with `ChannelClosed`. */
  readonly crashes?: ReadonlyArray<Span & { readonly of?: string }>
}

/** What can happen to one text. */
export type FaultKind = "lost" | "late" | "repeated" | "copy late" | "partition"

/** A text, or a copy of it, arrives. */
export interface Arrival {
  readonly atMs: number
  readonly copy: boolean
}

/**
 * Decides what becomes of one text. Every chance is drawn in the same order, whatever comes of it, so that a fault which
 * is not to happen changes nothing else. `happens` is asked before each fault.
 */
export const decideFate = (
  { delay = { minMs: 0, maxMs: 0 }, inOrder = false, lossProbability = 0, partitions = [], repeatProbability = 0 }: ChannelConditions,
  random: SeededRandom,
  atMs: number,
  lastMs: number,
  happens: (kind: FaultKind, what: string) => boolean
): ReadonlyArray<Arrival> => {
  const drawn = {
    lost: random.chance(lossProbability),
    delayMs: random.int(delay.minMs, delay.maxMs),
    repeated: random.chance(repeatProbability),
    copyMs: random.int(delay.minMs, delay.maxMs)
  }
  const late = (delayMs: number, kind: FaultKind, what: string) =>
    delayMs > delay.minMs && happens(kind, `${what} ${delayMs} ms late`) ? delayMs : delay.minMs

  const partition = partitions.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
  const cut = partition !== undefined && happens("partition", partition.held === true ? `held until ${partition.toMs} ms` : "lost in the partition")
  if (cut && partition.held !== true) return []
  if (drawn.lost && happens("lost", "lost")) return []
  const sentMs = cut ? partition.toMs : atMs
  const earliestMs = sentMs + late(drawn.delayMs, "late", "arrives")
  const arrivesMs = inOrder ? Math.max(earliestMs, lastMs) : earliestMs
  const first: Arrival = { atMs: arrivesMs, copy: false }
  if (!drawn.repeated || !happens("repeated", "arrives twice")) return [first]
  const copyMs = sentMs + late(drawn.copyMs, "copy late", "its copy arrives")
  return [first, { atMs: inOrder ? Math.max(copyMs, arrivesMs) : copyMs, copy: true }]
}
