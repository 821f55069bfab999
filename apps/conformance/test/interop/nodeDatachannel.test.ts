/** engine-werift and libdatachannel call each other. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { nodeDatachannelUnderTest } from "../../src/nodeDatachannel.ts"
import { seed } from "../../src/seed.ts"
import { weriftUnderTest } from "../../src/werift.ts"

describeInterop({ name: "werift", engine: weriftUnderTest({}) }, { name: "node-datachannel", engine: nodeDatachannelUnderTest }, { seed })
