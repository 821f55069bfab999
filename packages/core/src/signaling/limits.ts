/** How large a message, and each part of one, may be. For the codec and for `schema`. */

/** Sizes in characters (UTF-16 code units). SDP and candidates are ASCII in practice, so these are bytes too. */
export const SignalingLimits = {
  message: 262_144,
  sdp: 131_072,
  candidate: 1_024,
  reason: 1_024,
  id: 64,
  /** The largest index of a media section (`u16` in the Rust crate). */
  mLineIndex: 65_535,
  /** The largest number in a delivery field. */
  number: 4_294_967_295
} as const
