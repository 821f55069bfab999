/** Reads an Ogg Opus file (RFC 7845) into packets with their durations, for the sources that play Opus. */
import * as Result from "effect/Result"
import { faultAt, type MediaFault } from "./MediaFault.ts"
import { type OggPacket, readOgg } from "./ogg.ts"
import { opusDuration } from "./opusDuration.ts"

/** One Opus packet; `duration` is in samples of 48 kHz, `offset` is where it begins in the file. */
export interface OpusPacket extends OggPacket {
  readonly duration: number
}

/** What an Ogg Opus file holds. */
export interface OggOpus {
  /** 1 or 2. */
  readonly channels: number
  /**
   * Samples of 48 kHz at the beginning in which a decoder settles (RFC 7845 section 4.2). A player of the file drops
   * them; RTP has no such notion, so they are sent.
   */
  readonly preSkip: number
  /** At least one. */
  readonly packets: ReadonlyArray<OpusPacket>
}

const startsWith = (packet: OggPacket | undefined, magic: string): boolean =>
  packet !== undefined && Buffer.from(packet.data.subarray(0, magic.length)).toString("latin1") === magic

/**
 * Reads the one Opus stream of an Ogg file; streams of other codecs beside it are left out.
 *
 * Granule positions, the output gain and the tags are not used: RTP can carry none of them, and the packets
 * themselves say how long they last.
 */
export const readOggOpus = (file: Uint8Array): Result.Result<OggOpus, MediaFault> => {
  const ogg = readOgg(file)
  if (Result.isFailure(ogg)) return Result.fail(ogg.failure)
  const opus = ogg.success.filter((stream) => startsWith(stream.packets[0], "OpusHead"))
  const [head, tags, ...audio] = opus[0]?.packets ?? []
  if (head === undefined || opus.length > 1) {
    return Result.fail(faultAt("Ogg file", 0, `one Opus stream (RFC 7845 section 3), found ${opus.length}`))
  }
  const { data, offset } = head
  if (data.length < 19) return Result.fail(faultAt("OpusHead", offset, `19 bytes or more, found ${data.length}`))
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (view.getUint8(8) >= 0x10) return Result.fail(faultAt("OpusHead version", offset + 8, "0 to 15 (RFC 7845 section 5.1)"))
  const channels = view.getUint8(9)
  if (channels < 1 || channels > 2) return Result.fail(faultAt("Opus channels", offset + 9, "1 or 2, as RTP carries (RFC 7587)"))
  if (view.getUint8(18) !== 0) {
    return Result.fail(faultAt("Opus channel mapping family", offset + 18, "0, mono or stereo (RFC 7845 section 5.1.1)"))
  }
  if (!startsWith(tags, "OpusTags")) {
    return Result.fail(faultAt("Ogg Opus comment header", tags?.offset ?? file.length, "OpusTags (RFC 7845 section 5.2)"))
  }
  if (audio.length === 0) return Result.fail(faultAt("Ogg Opus file", file.length, "at least one packet of audio"))

  const packets: Array<OpusPacket> = []
  for (const packet of audio) {
    const duration = opusDuration(packet.data, packet.offset)
    if (Result.isFailure(duration)) return Result.fail(duration.failure)
    packets.push({ ...packet, duration: duration.success })
  }
  return Result.succeed({ channels, preSkip: view.getUint16(10, true), packets })
}
