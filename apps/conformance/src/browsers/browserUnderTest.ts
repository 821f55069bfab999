/** A real browser's engine, for plays in Node: the browser starts before a file's tests and ends after them. */
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { udpPath } from "@enigma-rtc/testing/node"
import { afterAll, beforeAll } from "vitest"
import { remoteEngine, type RemoteOptions } from "../remote/remoteEngine.ts"
import { allCapabilities } from "../allCapabilities.ts"
import type { BrowserName } from "./openBrowser.ts"
import { type PageOptions, type StartedBrowser, startBrowser } from "./startBrowser.ts"

/** A browser starts in about two seconds; other work may be beside it. */
const limitMs = 60_000

/** For the tests of the file that calls it. `page` is asked before they begin; `served` is what is known of its engine. */
export const browserUnderTest = (
  name: BrowserName,
  { page = () => ({}), served = { capabilities: allCapabilities } }: { readonly page?: () => PageOptions; readonly served?: RemoteOptions } = {}
): EngineUnderTest => {
  let browser: StartedBrowser | undefined
  beforeAll(async () => {
    browser = await startBrowser(name, page())
  }, limitMs)
  afterAll(() => browser?.close(), limitMs)
  const transport = async () => {
    if (browser === undefined) throw new Error(`There is no ${name} before the tests begin.`)
    return browser.transport
  }
  return { ...remoteEngine(transport, served), path: () => udpPath() }
}
