/** libwebrtc, by @roamhq/wrtc: a stack that the port was not made for. */
import { describeEngine } from "@enigma-rtc/testing/vitest"
import { describe } from "vitest"
import { wrtcUnderTest } from "../../src/wrtc.ts"

// A native stack's threads race on a busy machine: what fails is tried once more.
describe("a native stack", { retry: 1 }, () => describeEngine("wrtc", wrtcUnderTest))
