/** Takes an Ogg file (RFC 3533) apart into the packets of its logical streams, for the reader of Ogg Opus. */
import * as Result from "effect/Result"
import { faultAt, type MediaFault } from "./MediaFault.ts"
import { oggChecksum } from "./oggChecksum.ts"

/** One packet of a logical stream; `offset` is where the file holds its first byte. */
export interface OggPacket {
  readonly data: Uint8Array
  readonly offset: number
}

/** One logical stream, in the order in which the file begins them. */
export interface OggStream {
  readonly serial: number
  readonly packets: ReadonlyArray<OggPacket>
}

/** A file may hold this many packets: 5.5 hours of 20 ms. More would cost more memory than a process can spare. */
export const maxPackets = 1_000_000

/** Audio, video and subtitles in several languages are a dozen; a hostile file has millions. */
const maxStreams = 64

const headerSize = 27
const continued = 0x01
const first = 0x02
const last = 0x04

interface OpenStream {
  readonly serial: number
  readonly packets: Array<OggPacket>
  nextPage: number
  closed: boolean
  /** The parts of a packet that goes on in the next page. */
  unfinished: { readonly offset: number; readonly parts: Array<Uint8Array> } | undefined
}

/**
 * Reads every page of an Ogg file: pages in order, checksums, lacing, packets that span pages, and streams that are
 * interleaved (RFC 3533 sections 5 and 6).
 *
 * A file that stops at a page boundary without an end-of-stream flag is accepted, because recordings are cut so.
 */
export const readOgg = (file: Uint8Array): Result.Result<ReadonlyArray<OggStream>, MediaFault> => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const streams = new Map<number, OpenStream>()
  let packets = 0
  let at = 0
  while (at < file.length) {
    const fail = (what: string, expected: string, offset = at) => Result.fail(faultAt(what, offset, expected))
    if (file.length - at < headerSize) return fail("Ogg page header", `${headerSize} bytes, found ${file.length - at}`)
    if (view.getUint32(at) !== 0x4f676753) return fail("Ogg capture pattern", "OggS (RFC 3533 section 6)")
    if (file[at + 4] !== 0) return fail("Ogg version", "0 (RFC 3533 section 6)", at + 4)
    const flags = view.getUint8(at + 5)
    const serial = view.getUint32(at + 14, true)
    const page = view.getUint32(at + 18, true)
    const segments = view.getUint8(at + 26)
    const bodyAt = at + headerSize + segments
    const lacing = file.subarray(at + headerSize, bodyAt)
    if (lacing.length < segments) return fail("Ogg segment table", `${segments} bytes`, at + headerSize)
    const end = lacing.reduce((sum, size) => sum + size, bodyAt)
    if (end > file.length) return fail("Ogg page body", `${end - bodyAt} bytes, found ${file.length - bodyAt}`, bodyAt)
    if (oggChecksum(file.subarray(at, end)) !== view.getUint32(at + 22, true)) {
      return fail("Ogg checksum", "the CRC of the page (RFC 3533 section 6)", at + 22)
    }

    let stream = streams.get(serial)
    if (stream === undefined) {
      if ((flags & first) === 0) return fail("Ogg page", "the first page of its stream before any other", at + 5)
      if (streams.size === maxStreams) return fail("Ogg stream", `at most ${maxStreams} streams`)
      stream = { serial, packets: [], nextPage: page, closed: false, unfinished: undefined }
      streams.set(serial, stream)
    } else if ((flags & first) !== 0 || stream.closed) {
      return fail("Ogg page", "no second beginning and nothing after the end of a stream", at + 5)
    }
    if (page !== stream.nextPage) return fail("Ogg page number", String(stream.nextPage), at + 18)
    stream.nextPage = (page + 1) % 2 ** 32
    stream.closed = (flags & last) !== 0
    if (((flags & continued) !== 0) !== (stream.unfinished !== undefined)) {
      return fail("Ogg continuation flag", "that a packet goes on exactly when the page before left one open", at + 5)
    }

    let partAt = bodyAt
    let partEnd = bodyAt
    for (const size of lacing) {
      partEnd += size
      // A segment of 255 says that the packet goes on (RFC 3533 section 6, lacing).
      if (size === 255) continue
      if (++packets > maxPackets) return fail("Ogg packet", `at most ${maxPackets} packets`, partAt)
      const part = file.subarray(partAt, partEnd)
      stream.packets.push(stream.unfinished === undefined
        ? { data: part, offset: partAt }
        : { data: Buffer.concat([...stream.unfinished.parts, part]), offset: stream.unfinished.offset })
      stream.unfinished = undefined
      partAt = partEnd
    }
    if (lacing.at(-1) === 255) {
      stream.unfinished ??= { offset: partAt, parts: [] }
      stream.unfinished.parts.push(file.subarray(partAt, partEnd))
    }
    at = end
  }
  for (const { unfinished } of streams.values()) {
    if (unfinished !== undefined) return Result.fail(faultAt("Ogg packet", unfinished.offset, "its end before the end of the file"))
  }
  return Result.succeed([...streams.values()])
}
