/** engine-werift keeps the contract. */
import { describeEngine } from "@enigma-rtc/testing/vitest"
import { weriftUnderTest } from "../../src/werift.ts"

describeEngine("werift", weriftUnderTest())
