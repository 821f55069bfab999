/** Ends of the SFU engine for plays, in pages and in Node, whose calls go through one real server. */
import { RtcEngine } from "@enigma-rtc/core"
import { SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"
import { browserUnderTest } from "../../conformance/src/browsers/browserUnderTest.ts"
import type { BrowserName } from "../../conformance/src/browsers/openBrowser.ts"
import { arrived, generated } from "./rig.ts"
import { serveForPages } from "./serveForPages.ts"
import { sfuCapabilities } from "./sfuCapabilities.ts"

const { close, url } = await serveForPages()

/** For a file whose tests need the server: it is closed after them. */
export const closeServerAfterwards = (): void => afterAll(close)

const script = fileURLToPath(new URL("enginePage.ts", import.meta.url))

/** As the engine itself would say, which is in the page. */
const takes = (offer: string) => /^a=x-enigma-engine:sfu /m.test(offer)

/** For the tests of the file that calls it: the browser is started before them. */
export const sfuInBrowser = (browser: BrowserName): EngineUnderTest =>
  browserUnderTest(browser, { served: { capabilities: sfuCapabilities, takes }, page: () => ({ script, hash: `#${encodeURIComponent(url)}` }) })

const layer = Layer.effect(RtcEngine, Effect.gen(function*() {
  const signaling = yield* webSocketSignaling(url)
  return yield* SfuEngine.make({ room: yield* SfuRoom.join({ room: "interop", token: crypto.randomUUID(), signaling, media: generated }) })
}))

// No play asks for a microphone that ends.
export const sfuInNode: EngineUnderTest = { left: layer, right: layer, capabilities: sfuCapabilities, media: { arrived, ending: layer } }
