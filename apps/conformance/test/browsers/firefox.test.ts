/** Two calls' ends in Firefox call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { browserUnderTest } from "../../src/browsers/browserUnderTest.ts"
import { seed } from "../../src/seed.ts"

const firefox = { name: "firefox", engine: browserUnderTest("firefox") }
describeInterop(firefox, firefox, { seed })
