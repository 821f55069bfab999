/** What engine-sfu says of itself, in Node and in pages. */
import type { Capabilities } from "@enigma-rtc/core"

export const sfuCapabilities: Capabilities = {
  media: true,
  data: true,
  codecPreference: false,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: false
}
