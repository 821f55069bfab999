/** Pages call pages and Node through an SFU: what counts in a page is decoded. */
import { describeInterop } from "@enigma-rtc/testing/vitest"
import { seed } from "../../../conformance/src/seed.ts"
import { closeServerAfterwards, sfuInBrowser, sfuInNode } from "../../src/interopEnds.ts"

closeServerAfterwards()
const chromium = { name: "sfu, Chromium", engine: sfuInBrowser("chromium") }
const firefox = { name: "sfu, Firefox", engine: sfuInBrowser("firefox") }
const node = { name: "sfu, Node", engine: sfuInNode }

describeInterop(chromium, chromium, { seed })
describeInterop(chromium, firefox, { seed })
describeInterop(chromium, node, { seed })
describeInterop(firefox, node, { seed })
