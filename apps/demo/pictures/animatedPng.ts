/** Writes an animated PNG with a palette: https://www.w3.org/TR/png-3/#apng-frame-based-animation */
import { crc32, deflateSync } from "node:zlib"

/** One step of an animation: what is drawn over what is there already. */
export interface Frame {
  /** A byte for each pixel, row by row: its place in the palette; 0 leaves it as it is. */
  readonly pixels: Uint8Array
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly durationMs: number
}

const chunk = (name: string, payload: Uint8Array): Uint8Array => {
  const bytes = Buffer.alloc(12 + payload.length)
  bytes.writeUInt32BE(payload.length, 0)
  bytes.write(name, 4, "latin1")
  bytes.set(payload, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + payload.length)), 8 + payload.length)
  return bytes
}

const words = (...values: ReadonlyArray<number>): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4)
  return bytes
}

/** Each row begins with a byte that says how it is filtered: not at all. */
const squeeze = ({ height, pixels, width }: Frame): Uint8Array => {
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return deflateSync(rows, { level: 9, memLevel: 9 })
}

/** An animation that goes on for ever. The palette is red, green, blue, …; the first frame is the whole picture. */
export const animate = (palette: Uint8Array, frames: ReadonlyArray<Frame>): Uint8Array => {
  const [{ height, width } = { height: 1, width: 1 }] = frames
  let sequence = 0
  const steps = frames.flatMap((frame, i) => {
    // How long in milliseconds, left when the next one comes, laid over what is there.
    const timing = Buffer.from([frame.durationMs >> 8, frame.durationMs & 255, 1_000 >> 8, 1_000 & 255, 0, i === 0 ? 0 : 1])
    const control = chunk("fcTL", Buffer.concat([words(sequence++, frame.width, frame.height, frame.x, frame.y), timing]))
    return [control, i === 0 ? chunk("IDAT", squeeze(frame)) : chunk("fdAT", Buffer.concat([words(sequence++), squeeze(frame)]))]
  })
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    // 8 bits of a palette.
    chunk("IHDR", Buffer.concat([words(width, height), Buffer.from([8, 3, 0, 0, 0])])),
    chunk("acTL", words(frames.length, 0)),
    chunk("PLTE", palette),
    chunk("tRNS", Buffer.from([0])),
    ...steps,
    chunk("IEND", Buffer.alloc(0))
  ])
}
