/** Writes IVF files for the tests. */

export interface IvfOptions {
  readonly fourcc?: string
  readonly rate?: number
  readonly scale?: number
}

export const writeIvf = (
  frames: ReadonlyArray<{ readonly data: Uint8Array; readonly time: number | bigint }>,
  { fourcc = "VP80", rate = 15, scale = 1 }: IvfOptions = {}
): Buffer<ArrayBuffer> => {
  const header = Buffer.alloc(32)
  header.write("DKIF", 0, "latin1")
  header.writeUInt16LE(32, 6)
  header.write(fourcc, 8, "latin1")
  header.writeUInt16LE(320, 12)
  header.writeUInt16LE(180, 14)
  header.writeUInt32LE(rate, 16)
  header.writeUInt32LE(scale, 20)
  return Buffer.concat([header, ...frames.flatMap(({ data, time }) => {
    const frame = Buffer.alloc(12)
    frame.writeUInt32LE(data.length, 0)
    frame.writeBigUInt64LE(BigInt(time), 4)
    return [frame, data]
  })])
}

/** What tells a key frame of VP8 (RFC 6386 section 9.1) and one that is none. */
export const vp8Key: Uint8Array = Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 1, 180, 0)
export const vp8Delta: Uint8Array = Uint8Array.of(0x11, 0, 0, 1)
