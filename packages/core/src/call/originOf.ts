/** What an offer is known by, so that a repeated one is told from a new one. */

/** The session id and the version in a description's `o=` line (RFC 8866 section 5.2), without its address. */
export const originOf = (sdp: string): string => /\no=\S+ (\d+ \d+)/.exec(sdp)?.[1] ?? ""
