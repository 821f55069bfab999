/** What of a data channel's options no stack could use. For `fromDriver`. */
import type { DataOptions } from "./DataChannel.ts"

const isLimit = (value: unknown): boolean => value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535)

/** What no stack could use, and what was expected: W3C WebRTC section 6.1, "createDataChannel", steps 8 to 16. */
export const unusableOption = ({ maxPacketLifeTimeMs, maxRetransmits }: DataOptions): { readonly field: string; readonly expected: string } | undefined => {
  if (maxRetransmits !== undefined && maxPacketLifeTimeMs !== undefined) {
    return { field: "maxRetransmits", expected: "none beside maxPacketLifeTimeMs" }
  }
  if (!isLimit(maxRetransmits)) return { field: "maxRetransmits", expected: "a whole number from 0 to 65,535" }
  return isLimit(maxPacketLifeTimeMs) ? undefined : { field: "maxPacketLifeTimeMs", expected: "whole milliseconds from 0 to 65,535" }
}
