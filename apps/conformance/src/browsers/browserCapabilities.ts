/** What a browser's engine says of itself: known on both sides, since plays are chosen before a browser has started. */
import type { Capabilities } from "@enigma-rtc/core"

export const browserCapabilities: Capabilities = {
  media: true,
  data: true,
  codecPreference: true,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: true
}
