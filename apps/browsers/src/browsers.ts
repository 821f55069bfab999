/** Real browsers for vitest's browser mode, with a camera and a microphone that are made up. For engines in a page. */
import { defineBrowserProvider } from "@vitest/browser"
import { playwright } from "@vitest/browser-playwright"
import puppeteer, { type Browser, type BrowserContext, type Page } from "puppeteer-core"
import type { BrowserCommand, BrowserInstanceOption, BrowserProvider, TestProject } from "vitest/node"
import { browserPaths } from "./browserPaths.ts"

export { browserPaths }

/** What Chromium is started with: made-up media without questions, host candidates as addresses, loopback included. */
export const chromiumArgs: ReadonlyArray<string> = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--auto-select-desktop-capture-source=Entire screen",
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
  "--disable-features=WebRtcHideLocalIpsWithMdns"
]

/** The same for Firefox, as preferences. */
export const firefoxPreferences: Readonly<Record<string, boolean | number>> = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  "media.peerconnection.ice.loopback": true,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  // A page's TestUtils.gc(), as the web platform tests have it.
  "dom.testing.testutils.enabled": true
}

/** Chromium, driven by Playwright. */
export const chromium = (): BrowserInstanceOption => ({
  browser: "chromium",
  provider: playwright({ launchOptions: { executablePath: browserPaths.chromium, args: [...chromiumArgs] } })
})

/** Stock Firefox over WebDriver BiDi: Playwright drives only a Firefox of its own. */
class FirefoxProvider implements BrowserProvider {
  readonly name = "firefox-bidi"
  readonly supportsParallelism = true
  #browser: Promise<Browser> | undefined
  readonly #sessions = new Map<string, { readonly context: BrowserContext; readonly page: Page }>()

  constructor(project: TestProject) {
    const viewport: BrowserCommand<[{ width: number; height: number }]> = async ({ sessionId }, size) => {
      await this.#sessions.get(sessionId)?.page.setViewport(size)
    }
    // Vitest asks the provider for this one, under a name that its types do not have, before it runs a test file.
    project.browser?.registerCommand("__vitest_viewport" as never, viewport)
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    this.#browser ??= puppeteer.launch({
      browser: "firefox",
      executablePath: browserPaths.firefox,
      headless: true,
      extraPrefsFirefox: { ...firefoxPreferences }
    })
    const context = await (await this.#browser).createBrowserContext()
    const page = await context.newPage()
    this.#sessions.set(sessionId, { context, page })
    await page.goto(url, { timeout: 0, waitUntil: "domcontentloaded" })
  }

  getCommandsContext(sessionId: string): Record<string, unknown> {
    return { ...this.#sessions.get(sessionId) }
  }

  async close(): Promise<void> {
    const browser = await this.#browser
    this.#browser = undefined
    this.#sessions.clear()
    await browser?.close()
  }
}

/** Stock Firefox. */
export const firefox = (): BrowserInstanceOption => ({
  browser: "firefox",
  provider: defineBrowserProvider({
    name: "firefox-bidi",
    supportedBrowser: ["firefox"],
    options: {},
    providerFactory: (project) => new FirefoxProvider(project)
  })
})
