/** Two calls' ends in Chromium call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { browserUnderTest } from "../../src/browsers/browserUnderTest.ts"
import { seed } from "../../src/seed.ts"

const chromium = { name: "chromium", engine: browserUnderTest("chromium") }
describeInterop(chromium, chromium, { seed })
