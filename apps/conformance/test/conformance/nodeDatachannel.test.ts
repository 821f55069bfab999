/** libdatachannel, by node-datachannel: a stack that the port was not made for. */
import { describeEngine } from "@enigma-rtc/testing/vitest"
import { nodeDatachannelUnderTest } from "../../src/nodeDatachannel.ts"

describeEngine("node-datachannel", nodeDatachannelUnderTest)
