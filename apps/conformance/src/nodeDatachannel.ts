/** The adapter over node-datachannel, for the conformance suite and for calls with other engines. */
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { openFiles, udpPath } from "@enigma-rtc/testing/node"
import { allCapabilities } from "./allCapabilities.ts"
import { arrived, dataChannelEngine } from "./engines/DataChannelEngine.ts"

export const nodeDatachannelUnderTest: EngineUnderTest = {
  left: dataChannelEngine(),
  right: dataChannelEngine(),
  capabilities: { ...allCapabilities, iceRestart: false },
  media: { arrived, ending: dataChannelEngine({ endsAfterMs: 500 }) },
  path: () => udpPath(),
  resources: openFiles,
  knownGaps: {
    "ENG-406": "libdatachannel notices a broken path when consent to send has run out, after 30 s (RFC 7675)",
    "ENG-612": "libdatachannel cannot begin SCTP in a call: the answering side refuses a section for data that is added"
  }
}
