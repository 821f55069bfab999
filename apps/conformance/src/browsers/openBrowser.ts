/** Starts a headless browser and opens a page in it: Chromium by Playwright, stock Firefox by WebDriver BiDi. */
import { browserPaths, chromiumArgs, firefoxPreferences } from "@enigma-rtc/browsers"
import { chromium } from "playwright"
import puppeteer from "puppeteer-core"

export type BrowserName = "chromium" | "firefox"

export interface OpenPage {
  readonly goto: (url: string) => Promise<unknown>
  /** Ends the browser, and takes its profile away. */
  readonly close: () => Promise<void>
}

/** What a page complains of, in words. */
type OnComplaint = (words: string) => void

const launchChromium = () => chromium.launch({ executablePath: browserPaths.chromium, args: [...chromiumArgs] })

const launchFirefox = () =>
  puppeteer.launch({ browser: "firefox", executablePath: browserPaths.firefox, headless: true, extraPrefsFirefox: { ...firefoxPreferences } })

/** A browser whose page cannot be opened is ended. */
const orClose = async <A>(browser: { readonly close: () => Promise<void> }, page: Promise<A>): Promise<A> => {
  try {
    return await page
  } catch (error) {
    await browser.close()
    throw error
  }
}

const openChromium = async (onComplaint: OnComplaint): Promise<OpenPage> => {
  const browser = await launchChromium()
  const page = await orClose(browser, browser.newPage())
  page.on("pageerror", ({ message }) => onComplaint(message))
  page.on("console", (message) => message.type() === "error" && onComplaint(message.text()))
  return { goto: (url) => page.goto(url), close: () => browser.close() }
}

const openFirefox = async (onComplaint: OnComplaint): Promise<OpenPage> => {
  const browser = await launchFirefox()
  const page = await orClose(browser, browser.newPage())
  page.on("pageerror", (error) => onComplaint(error instanceof Error ? error.message : "an error"))
  page.on("console", (message) => message.type() === "error" && onComplaint(message.text()))
  return { goto: (url) => page.goto(url), close: () => browser.close() }
}

export const openBrowser = (name: BrowserName, onComplaint: OnComplaint): Promise<OpenPage> =>
  name === "chromium" ? openChromium(onComplaint) : openFirefox(onComplaint)
