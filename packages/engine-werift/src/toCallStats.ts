/** Turns werift's statistics (W3C WebRTC Statistics) into core's figures. */
import type { CallStats, PathEnd, RtpFigures, Slot } from "@enigma-rtc/core"
import type { RTCStatsReport } from "./werift.ts"

/** The members that are read here; every one may be missing. */
interface Entry {
  readonly type: string
  readonly ssrc?: number
  readonly packetsSent?: number
  readonly bytesSent?: number
  readonly packetsReceived?: number
  readonly bytesReceived?: number
  readonly packetsLost?: number
  /** Seconds. */
  readonly jitter?: number
  /** Seconds. */
  readonly currentRoundTripTime?: number
  readonly selectedCandidatePairId?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly address?: string
  readonly port?: number
  readonly protocol?: string
  readonly candidateType?: string
}

/** Which slot an SSRC belongs to, and how it is coded. */
export interface SlotOfSsrc {
  readonly slot: Slot
  readonly mimeType: string | undefined
}

const pathEnd = (entry: Entry | undefined): PathEnd | undefined => {
  if (entry?.address === undefined || entry.port === undefined) return undefined
  return {
    address: entry.address,
    port: entry.port,
    protocol: entry.protocol === "tcp" ? "tcp" : "udp",
    type: entry.candidateType === "srflx" || entry.candidateType === "prflx" || entry.candidateType === "relay"
      ? entry.candidateType
      : "host"
  }
}

const figures = ({ mimeType, slot }: SlotOfSsrc, packets = 0, bytes = 0): RtpFigures => ({
  slot,
  ...(mimeType === undefined ? {} : { mimeType }),
  packets,
  bytes
})

export const toCallStats = (
  report: RTCStatsReport,
  sentBy: ReadonlyMap<number, SlotOfSsrc>,
  receivedBy: ReadonlyMap<number, SlotOfSsrc>
): CallStats => {
  const entries = new Map<string, Entry>(report.entries())
  const sent: Array<RtpFigures> = []
  const received: Array<RtpFigures> = []
  let path: CallStats["path"]
  let roundTripTimeMs: number | undefined
  for (const entry of entries.values()) {
    if (entry.type === "outbound-rtp") {
      const by = sentBy.get(entry.ssrc ?? -1)
      if (by !== undefined) {
        sent.push(figures(by, entry.packetsSent, entry.bytesSent))
      }
    } else if (entry.type === "inbound-rtp") {
      const by = receivedBy.get(entry.ssrc ?? -1)
      if (by !== undefined) {
        received.push({
          ...figures(by, entry.packetsReceived, entry.bytesReceived),
          ...(entry.packetsLost === undefined ? {} : { packetsLost: entry.packetsLost }),
          ...(entry.jitter === undefined ? {} : { jitterMs: entry.jitter * 1_000 })
        })
      }
    } else if (entry.type === "transport" && entry.selectedCandidatePairId !== undefined) {
      const pair = entries.get(entry.selectedCandidatePairId)
      const local = pathEnd(entries.get(pair?.localCandidateId ?? ""))
      const remote = pathEnd(entries.get(pair?.remoteCandidateId ?? ""))
      if (local !== undefined && remote !== undefined) path = { local, remote }
      if (pair?.currentRoundTripTime !== undefined) roundTripTimeMs = pair.currentRoundTripTime * 1_000
    }
  }
  return {
    sent,
    received,
    ...(path === undefined ? {} : { path }),
    ...(roundTripTimeMs === undefined ? {} : { roundTripTimeMs })
  }
}
