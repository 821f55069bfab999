/** Tells which coded frames of a video a decoder can start at, for late listeners and for the VP9 payload header. */

/** Whether a VP8 frame is a key frame: the first bit is clear and the start code follows (RFC 6386 section 9.1). */
export const isVp8KeyFrame = (frame: Uint8Array): boolean =>
  frame.length >= 10 && (frame[0]! & 0x01) === 0 && frame[3] === 0x9d && frame[4] === 0x01 && frame[5] === 0x2a

/**
 * Whether a VP9 frame is a key frame, by its uncompressed header (VP9 bitstream specification section 6.2): marker
 * `10`, two bits of profile (profile 3 has a reserved bit more), then `show_existing_frame` and `frame_type`, both 0.
 */
export const isVp9KeyFrame = (frame: Uint8Array): boolean => {
  const first = frame[0] ?? 0
  if (first >> 6 !== 0b10) return false
  const isProfile3 = ((first >> 4) & 0b11) === 0b11
  return ((isProfile3 ? first >> 1 : first >> 2) & 0b11) === 0
}
