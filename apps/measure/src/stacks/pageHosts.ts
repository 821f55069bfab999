/** Headless Chromium and stock Firefox, each with one page that is asked to do things. */
import { browserPaths, chromiumArgs, firefoxPreferences } from "@enigma-rtc/browsers"
import { chromium } from "playwright"
import puppeteer from "puppeteer-core"
import type { Host } from "./Host.ts"
import { type ServedPage, servePage } from "./servePage.ts"

interface Page {
  readonly goto: (url: string) => Promise<unknown>
  readonly evaluate: (text: string) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Until the page's script has run: modules run after the page is there. */
const untilThere = (name: string) =>
  `new Promise((resolve) => { const look = () => globalThis.${name} ? resolve() : setTimeout(look, 5); look() })`

const hostOf = async (
  title: string,
  served: ServedPage,
  newPage: () => Promise<Page>,
  closeBrowser: () => Promise<void>
): Promise<Host> => {
  let page: Page | undefined
  const renew = async () => {
    await page?.close()
    page = await newPage()
    await page.goto(served.url)
  }
  await renew()
  return {
    title,
    renew,
    ask: async <A>(name: string, given: unknown) => {
      const text = await page?.evaluate(
        `${untilThere(name)}.then(() => globalThis.${name}(${JSON.stringify(given)})).then(JSON.stringify)`
      )
      // The page answers with what it was asked for.
      return JSON.parse(String(text)) as A
    },
    close: async () => {
      await closeBrowser()
      served.close()
    }
  }
}

export const openChromium = async (entry: string): Promise<Host> => {
  const browser = await chromium.launch({ executablePath: browserPaths.chromium, args: [...chromiumArgs] })
  return hostOf(`Chromium ${browser.version().split(".")[0]}`, await servePage(entry), () => browser.newPage(), () => browser.close())
}

/** Playwright drives only a Firefox of its own: this is the stock one, over WebDriver BiDi. */
export const openFirefox = async (entry: string): Promise<Host> => {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: browserPaths.firefox,
    headless: true,
    extraPrefsFirefox: { ...firefoxPreferences }
  })
  const version = /[\d.]+/.exec(await browser.version())?.[0] ?? ""
  return hostOf(`Firefox ESR ${version.split(".")[0]}`, await servePage(entry), () => browser.newPage(), () => browser.close())
}
