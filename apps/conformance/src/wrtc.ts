/** The adapter over @roamhq/wrtc, for the conformance suite and for calls with other engines. */
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { openFiles, udpPath } from "@enigma-rtc/testing/node"
import { allCapabilities } from "./allCapabilities.ts"
import { arrived, wrtcEngine } from "./engines/WrtcEngine.ts"

export const wrtcUnderTest: EngineUnderTest = {
  left: wrtcEngine(),
  right: wrtcEngine(),
  capabilities: allCapabilities,
  media: { arrived, ending: wrtcEngine({ endsAfterMs: 500 }) },
  path: () => udpPath(),
  resources: openFiles
}
