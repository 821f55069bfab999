/** How long an Opus packet plays, read from its first bytes, for pacing. */
import * as Result from "effect/Result"
import { faultAt, type MediaFault } from "./MediaFault.ts"

/** 120 ms, the longest that a packet may last, in samples of 48 kHz (RFC 6716 section 3.2.5). */
const longest = 5760

/** Samples at 48 kHz of one frame, by the configuration number (RFC 6716 section 3.1, table 2). */
const frameSamples = (config: number): number => {
  if (config < 12) return [480, 960, 1920, 2880][config % 4]! // SILK: 10, 20, 40, 60 ms
  if (config < 16) return [480, 960][config % 2]! // Hybrid: 10, 20 ms
  return [120, 240, 480, 960][config % 4]! // CELT: 2.5, 5, 10, 20 ms
}

/**
 * The duration of an Opus packet in samples of 48 kHz, whatever rate it was made from (RFC 6716 section 3).
 *
 * @param offset - Where the packet is in its file, for the fault.
 */
export const opusDuration = (packet: Uint8Array, offset = 0): Result.Result<number, MediaFault> => {
  const toc = packet[0]
  if (toc === undefined) return Result.fail(faultAt("Opus packet", offset, "at least one byte (RFC 6716 section 3)"))
  const frame = frameSamples(toc >> 3)
  const code = toc & 0x03
  if (code === 0) return Result.succeed(frame)
  if (code === 1 && packet.length % 2 === 0) {
    return Result.fail(faultAt("Opus packet", offset, "two frames of equal length (RFC 6716 section 3.2.3)"))
  }
  if (code !== 3) return Result.succeed(2 * frame)
  const frames = (packet[1] ?? 0) & 0x3f
  if (frames === 0 || frames * frame > longest) {
    return Result.fail(faultAt("Opus frame count", offset + 1, "1 to 48 frames, 120 ms at most (RFC 6716 section 3.2.5)"))
  }
  return Result.succeed(frames * frame)
}
