/** Encodes samples as G.711, the codecs of telephony that every stack has, for the test tone. */

/** The segment of a magnitude: the place of its highest bit, above the lowest segment's. */
const segmentOf = (magnitude: number, lowest: number): number => Math.max(0, 31 - Math.clz32(magnitude) - lowest)

/** One sample of 16 bits in μ-law, audio/PCMU (ITU-T G.711, RFC 3551 section 4.5.14). */
export const encodeMuLaw = (sample: number): number => {
  // The bias of 33, in samples of 14 bits, makes the segments powers of two.
  const magnitude = Math.min(Math.abs(sample), 32635) + 132
  const segment = segmentOf(magnitude, 7)
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)
  return ~(code | (sample < 0 ? 0x80 : 0)) & 0xff
}

/** One sample of 16 bits in A-law, audio/PCMA (ITU-T G.711, RFC 3551 section 4.5.14). */
export const encodeALaw = (sample: number): number => {
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32767)
  const segment = segmentOf(magnitude, 7)
  const code = (segment << 4) | ((magnitude >> Math.max(segment + 3, 4)) & 0x0f)
  // Even bits are inverted on the line, and the sign bit is set for positive samples.
  return code ^ (sample < 0 ? 0x55 : 0xd5)
}
