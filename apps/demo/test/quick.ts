/** Times between relays, short enough for a test. */
export const quick = { announceMs: 200, goneMs: 3_000 }
