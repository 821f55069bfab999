/** Two of engine-werift call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { seed } from "../../src/seed.ts"
import { weriftUnderTest } from "../../src/werift.ts"

const werift = { name: "werift", engine: weriftUnderTest() }
describeInterop(werift, werift, { seed })
