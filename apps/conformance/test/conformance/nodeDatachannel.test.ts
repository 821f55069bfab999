/** libdatachannel, by node-datachannel: a stack that the port was not made for. */
import { describeEngine } from "@enigma-rtc/testing/vitest"
import { describe } from "vitest"
import { nodeDatachannelUnderTest } from "../../src/nodeDatachannel.ts"

// A native stack's threads race on a busy machine: what fails is tried once more.
describe("a native stack", { retry: 1 }, () => describeEngine("node-datachannel", nodeDatachannelUnderTest))
