/** Reads an IVF file, the plain container of libvpx, into frames with their times, for the sources that play video. */
import * as Result from "effect/Result"
import { faultAt, type MediaFault } from "./MediaFault.ts"

/** One coded frame; `time` is in units of the file's time base, `offset` is where it begins in the file. */
export interface IvfFrame {
  readonly data: Uint8Array
  readonly time: number
  readonly offset: number
}

/** What an IVF file holds. */
export interface Ivf {
  /** Four characters that name the codec: `VP80`, `VP90`, `AV01`; unchecked. */
  readonly fourcc: string
  /** In pixels. */
  readonly width: number
  readonly height: number
  /** A unit of time lasts `scale / rate` seconds; neither is 0. */
  readonly rate: number
  readonly scale: number
  /** At least one, each later than the one before. */
  readonly frames: ReadonlyArray<IvfFrame>
}

/** A file may hold this many frames: 9 hours at 30 a second. */
const maxFrames = 1_000_000

/**
 * Reads a whole IVF file: a header of 32 bytes that begins with `DKIF`, then frames with a header of 12 bytes each,
 * little-endian (https://wiki.multimedia.cx/index.php/IVF). The header's count of frames is not used: writers of
 * live video leave it 0.
 */
export const readIvf = (file: Uint8Array): Result.Result<Ivf, MediaFault> => {
  const fail = (what: string, offset: number, expected: string) => Result.fail(faultAt(what, offset, expected))
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 32) return fail("IVF header", 0, `32 bytes, found ${file.length}`)
  if (view.getUint32(0) !== 0x444b4946) return fail("IVF signature", 0, "DKIF")
  if (view.getUint16(4, true) !== 0) return fail("IVF version", 4, "0")
  const headerSize = view.getUint16(6, true)
  if (headerSize < 32 || headerSize > file.length) return fail("IVF header length", 6, `32 to ${file.length} (the file's length)`)
  const rate = view.getUint32(16, true)
  const scale = view.getUint32(20, true)
  if (rate === 0 || scale === 0) return fail("IVF time base", 16, "two numbers that are not 0")

  const frames: Array<IvfFrame> = []
  let before = -1
  for (let at = headerSize; at < file.length;) {
    const left = file.length - at - 12
    if (left < 0) return fail("IVF frame header", at, `12 bytes, found ${file.length - at}`)
    const size = view.getUint32(at, true)
    if (size === 0 || size > left) return fail("IVF frame length", at, `1 to ${left} (what is left of the file)`)
    const time = Number(view.getBigUint64(at + 4, true))
    if (!Number.isSafeInteger(time) || time <= before) {
      return fail("IVF frame time", at + 4, `more than the ${before} of the frame before, and less than 2^53`)
    }
    if (frames.length === maxFrames) return fail("IVF frame", at, `at most ${maxFrames} frames`)
    frames.push({ data: file.subarray(at + 12, at + 12 + size), time, offset: at + 12 })
    before = time
    at += 12 + size
  }
  if (frames.length === 0) return fail("IVF file", headerSize, "at least one frame")
  return Result.succeed({
    fourcc: Buffer.from(file.subarray(8, 12)).toString("latin1"),
    width: view.getUint16(12, true),
    height: view.getUint16(14, true),
    rate,
    scale,
    frames
  })
}
