/** Packets of one slot in one direction, counted from the times at which they flow: no timer runs. For `mockMedia`. */
import type { RtpFigures, Slot } from "@enigma-rtc/core"

/** How far apart packets are, as those of opus with its usual frames (RFC 7587 section 4.2). */
const packetMs = 20
const bytesOfPacket = 160

export interface PacketCount {
  readonly flows: () => boolean
  /** They flow from now on, or no longer. */
  readonly flow: (flows: boolean) => void
  readonly packets: () => number
  readonly figures: (slot: Slot, mimeType: string | undefined) => RtpFigures
}

/** `nowMs` is Effect's clock. */
export const packetCount = (nowMs: () => number): PacketCount => {
  let flowedMs = 0
  let sinceMs: number | undefined
  const soFarMs = () => flowedMs + (sinceMs === undefined ? 0 : Math.max(0, nowMs() - sinceMs))
  const packets = () => Math.floor(soFarMs() / packetMs)
  return {
    flows: () => sinceMs !== undefined,
    flow: (flows) => {
      if (flows === (sinceMs !== undefined)) return
      flowedMs = soFarMs()
      sinceMs = flows ? nowMs() : undefined
    },
    packets,
    figures: (slot, mimeType) => ({
      slot,
      ...(mimeType === undefined ? {} : { mimeType }),
      packets: packets(),
      bytes: packets() * bytesOfPacket
    })
  }
}
