/** Turns statistics of the W3C's (Identifiers for WebRTC's Statistics API) into a call's figures. For adapters. */
import type { Slot } from "../call/MediaIntent.ts"
import type { CallStats, PathEnd, RtpFigures } from "./CallStats.ts"

/** The members that are read, of whatever type of statistics; each may be missing. Times are in seconds. */
interface Entry {
  readonly id: string
  readonly type: string
  /** Milliseconds. */
  readonly timestamp: number
  readonly mid?: string
  readonly codecId?: string
  readonly remoteId?: string
  readonly mimeType?: string
  readonly packetsSent?: number
  readonly packetsReceived?: number
  readonly bytesSent?: number
  readonly bytesReceived?: number
  readonly packetsLost?: number
  readonly jitter?: number
  readonly roundTripTime?: number
  readonly framesSent?: number
  readonly framesDecoded?: number
  readonly framesPerSecond?: number
  readonly frameWidth?: number
  readonly frameHeight?: number
  readonly currentRoundTripTime?: number
  readonly selectedCandidatePairId?: string
  readonly selected?: boolean
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly address?: string
  readonly port?: number
  readonly protocol?: PathEnd["protocol"]
  readonly candidateType?: PathEnd["type"]
}

/** What was counted when figures were last asked for, by the id of its statistics. An adapter keeps an empty one for each connection. */
export type CountedStats = Map<string, { readonly timestamp: number; readonly bytes: number; readonly bitsPerSecond: number | undefined }>

const toMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000)

/** Leaves out what the stack does not tell. */
const told = <A extends object>(figures: A) =>
  // What is left has the values that it had.
  Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) as {
    [K in keyof A]: Exclude<A[K], undefined>
  }

/** An address may be withheld (mDNS). */
const pathEnd = ({ address = "", candidateType: type = "host", port = 0, protocol = "udp" }: Partial<Entry> = {}): PathEnd =>
  ({ address, port, protocol, type })

/**
 * A call's figures, of what `getStats` gives (W3C WebRTC section 8.4). `slotOf` names the slot of a section by its mid; what has
 * none is left out. `counted` is read, and brought up to date. What the stack does not tell is left out.
 */
export const toCallStats = (
  report: Iterable<readonly [id: string, statistics: unknown]>,
  slotOf: (mid: string | undefined) => Slot | undefined,
  counted: CountedStats
): CallStats => {
  // Dictionaries of the specification's, of which every member that is read may be missing.
  const entries = new Map(report as Iterable<readonly [string, Entry]>)
  const all = [...entries.values()]
  const rate = ({ id, timestamp }: Entry, bytes: number) => {
    const last = counted.get(id)
    const ms = timestamp - (last?.timestamp ?? timestamp)
    // Statistics may be the same as the last time, or begin anew.
    const bitsPerSecond = last === undefined || ms <= 0 || bytes < last.bytes ? last?.bitsPerSecond : (bytes - last.bytes) * 8_000 / ms
    counted.set(id, { timestamp, bytes, bitsPerSecond })
    return bitsPerSecond
  }
  const figuresOf = (type: string): ReadonlyArray<RtpFigures> =>
    all.flatMap((one) => {
      const slot = one.type === type ? slotOf(one.mid) : undefined
      if (slot === undefined) return []
      const isSent = type === "outbound-rtp"
      const way = isSent ? "Sent" : "Received"
      // The far end reports on what is sent to it.
      const arrival = isSent ? entries.get(one.remoteId ?? "") : one
      const bytes = one[`bytes${way}`] ?? 0
      return [{
        slot,
        packets: one[`packets${way}`] ?? 0,
        bytes,
        ...told({
          mimeType: entries.get(one.codecId ?? "")?.mimeType,
          packetsLost: arrival?.packetsLost,
          jitterMs: toMs(arrival?.jitter),
          roundTripTimeMs: toMs(arrival?.roundTripTime),
          bitsPerSecond: rate(one, bytes),
          frames: one.framesSent ?? one.framesDecoded,
          framesPerSecond: one.framesPerSecond,
          frameWidth: one.frameWidth,
          frameHeight: one.frameHeight
        })
      }]
    })
  // The transport names its pair; Firefox has no transport, and marks the pair.
  const pair = all.find(({ id, selected }) => selected === true || all.some((one) => one.selectedCandidatePairId === id))
  return {
    sent: figuresOf("outbound-rtp"),
    received: figuresOf("inbound-rtp"),
    ...told({
      path: pair && {
        local: pathEnd(entries.get(pair.localCandidateId ?? "")),
        remote: pathEnd(entries.get(pair.remoteCandidateId ?? ""))
      },
      roundTripTimeMs: toMs(pair?.currentRoundTripTime)
    })
  }
}
