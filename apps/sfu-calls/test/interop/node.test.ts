/** Ends in Node call each other through an SFU. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { seed } from "../../../conformance/src/seed.ts"
import { closeServerAfterwards, sfuInNode } from "../../src/interopEnds.ts"

closeServerAfterwards()
const node = { name: "sfu, Node", engine: sfuInNode }
describeInterop(node, node, { seed })
