/** The checksum of an Ogg page, for the reader of Ogg files. */

/** CRC-32 with the polynomial 0x04c11db7, most significant bit first, of each byte (RFC 3533 section 6). */
const table = /*#__PURE__*/ Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24
  for (let bit = 0; bit < 8; bit++) remainder = (remainder << 1) ^ (remainder < 0 ? 0x04c11db7 : 0)
  return remainder
})

/** The checksum of one whole page of at least 27 bytes, its own four bytes (22 to 25) counted as zero. */
export const oggChecksum = (page: Uint8Array): number => {
  let crc = 0
  for (let at = 0; at < page.length; at++) {
    const byte = at >= 22 && at < 26 ? 0 : page[at]!
    crc = (crc << 8) ^ table[(crc >>> 24) ^ byte]!
  }
  return crc >>> 0
}
