/** engine-werift and libwebrtc call each other; libwebrtc does not look at loopback addresses. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { seed } from "../../src/seed.ts"
import { weriftUnderTest } from "../../src/werift.ts"
import { wrtcUnderTest } from "../../src/wrtc.ts"

describeInterop({ name: "werift", engine: weriftUnderTest({}) }, { name: "wrtc", engine: wrtcUnderTest }, { seed })
