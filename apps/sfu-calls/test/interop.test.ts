/** Calls between the SFU engine's ends, in pages and in Node, through one real server: pictures and sound that are decoded. */
import { RtcEngine } from "@enigma-rtc/core"
import { SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { describeInterop } from "@enigma-rtc/testing/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"
import { browserUnderTest } from "../../conformance/src/browsers/browserUnderTest.ts"
import type { BrowserName } from "../../conformance/src/browsers/openBrowser.ts"
import { seed } from "../../conformance/src/seed.ts"
import { arrived, generated } from "../src/rig.ts"
import { serveForPages } from "../src/serveForPages.ts"
import { sfuCapabilities } from "../src/sfuCapabilities.ts"

const { close, url } = await serveForPages()
afterAll(close)

const script = fileURLToPath(new URL("../src/enginePage.ts", import.meta.url))
const inBrowser = (browser: BrowserName) =>
  browserUnderTest(browser, { capabilities: sfuCapabilities, page: () => ({ script, hash: `#${encodeURIComponent(url)}` }) })

const layer = Layer.effect(RtcEngine, Effect.gen(function*() {
  const signaling = yield* webSocketSignaling(url)
  return yield* SfuEngine.make({ room: yield* SfuRoom.join({ room: "interop", token: crypto.randomUUID(), signaling, media: generated }) })
}))
// No play asks for a microphone that ends.
const inNode: EngineUnderTest = { left: layer, right: layer, capabilities: sfuCapabilities, media: { arrived, ending: layer } }

const chromium = { name: "sfu, Chromium", engine: inBrowser("chromium") }
const firefox = { name: "sfu, Firefox", engine: inBrowser("firefox") }
const node = { name: "sfu, Node", engine: inNode }

describeInterop(chromium, chromium, { seed })
describeInterop(chromium, firefox, { seed })
describeInterop(chromium, node, { seed })
describeInterop(firefox, node, { seed })
describeInterop(node, node, { seed })
