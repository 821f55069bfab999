/** What an engine says of itself that lacks nothing. */
import type { Capabilities } from "@enigma-rtc/core"

export const allCapabilities: Capabilities = {
  media: true,
  data: true,
  codecPreference: true,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: true
}
