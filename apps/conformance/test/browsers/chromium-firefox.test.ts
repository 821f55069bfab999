/** Chromium and Firefox call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { browserUnderTest } from "../../src/browsers/browserUnderTest.ts"
import { seed } from "../../src/seed.ts"

const unsteady = {
  "INT-7": "when the end that answered the call restarts ICE, Firefox is left without a pair now and then: Chromium takes the other ICE role at a restart, Firefox keeps its own"
}
describeInterop({ name: "chromium", engine: browserUnderTest("chromium") }, { name: "firefox", engine: browserUnderTest("firefox") }, { seed, unsteady })
