/** libwebrtc, by @roamhq/wrtc: a stack that the port was not made for. */
import { describeEngine } from "@enigma-rtc/testing/vitest"
import { wrtcUnderTest } from "../../src/wrtc.ts"

describeEngine("wrtc", wrtcUnderTest)
