/** What the machine reads out of a description that has been checked. */

/** Session id and version of the `o=` line (RFC 8866 section 5.2), without its address: a repeat has the same. */
export const originOf = (sdp: string): string => /\no=\S+ (\d+ \d+)/.exec(sdp)?.[1] ?? ""

/** The first ICE user name fragment (RFC 8839 section 5.4): it changes with every restart, and only then. */
export const ufragOf = (sdp: string): string => /(?:^|\n)a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? ""
