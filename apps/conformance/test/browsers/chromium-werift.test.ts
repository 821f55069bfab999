/** Chromium and engine-werift call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { browserUnderTest } from "../../src/browsers/browserUnderTest.ts"
import { seed } from "../../src/seed.ts"
import { weriftUnderTest } from "../../src/werift.ts"

describeInterop({ name: "chromium", engine: browserUnderTest("chromium") }, { name: "werift", engine: weriftUnderTest() }, { seed })
