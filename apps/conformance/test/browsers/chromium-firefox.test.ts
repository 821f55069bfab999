/** Chromium and Firefox call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { browserUnderTest } from "../../src/browsers/browserUnderTest.ts"
import { seed } from "../../src/seed.ts"

describeInterop({ name: "chromium", engine: browserUnderTest("chromium") }, { name: "firefox", engine: browserUnderTest("firefox") }, { seed })
