/** Writes Ogg files, right ones and wrong ones, for the tests of the reader; independent of the code under test. */

export interface Page {
  readonly serial?: number
  readonly number: number
  /** 1 continued, 2 first, 4 last. */
  readonly flags?: number
  readonly lacing: ReadonlyArray<number>
  readonly body: Uint8Array
}

/** Bit by bit from RFC 3533's words, unlike the reader's table. */
const checksum = (bytes: Uint8Array) => {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 24n
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000n) !== 0n ? ((crc << 1n) ^ 0x04c11db7n) & 0xffffffffn : crc << 1n
  }
  return Number(crc)
}

export const writePage = ({ body, flags = 0, lacing, number, serial = 1 }: Page): Uint8Array => {
  const page = Buffer.alloc(27 + lacing.length + body.length)
  page.write("OggS", 0, "latin1")
  page[5] = flags
  page.writeUInt32LE(serial, 14)
  page.writeUInt32LE(number, 18)
  page[26] = lacing.length
  page.set(lacing, 27)
  page.set(body, 27 + lacing.length)
  page.writeUInt32LE(checksum(page), 22)
  return page
}

/** One stream, with `segments` segments a page at most. */
export const writeOgg = (packets: ReadonlyArray<Uint8Array>, options: { serial?: number; segments?: number } = {}): Array<Uint8Array> => {
  const lacing: Array<number> = []
  for (const packet of packets) {
    for (let left = packet.length; left >= 255; left -= 255) lacing.push(255)
    lacing.push(packet.length % 255)
  }
  const body = Buffer.concat(packets)
  const pages: Array<Uint8Array> = []
  let at = 0
  const perPage = options.segments ?? 255
  for (let from = 0; from < lacing.length; from += perPage) {
    const part = lacing.slice(from, from + perPage)
    const size = part.reduce((sum, segment) => sum + segment, 0)
    pages.push(writePage({
      serial: options.serial ?? 1,
      number: pages.length,
      flags: (lacing[from - 1] === 255 ? 1 : 0) | (from === 0 ? 2 : 0) | (from + perPage >= lacing.length ? 4 : 0),
      lacing: part,
      body: body.subarray(at, at + size)
    }))
    at += size
  }
  return pages
}

export const opusHead = (changes: Record<number, number> = {}): Uint8Array => {
  const head = Buffer.concat([Buffer.from("OpusHead"), Buffer.from([1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0])])
  for (const [at, value] of Object.entries(changes)) head[Number(at)] = value
  return head
}

export const opusTags: Uint8Array = Buffer.from("OpusTags\0\0\0\0\0\0\0\0", "latin1")
