/** The main flow in stock Firefox, driven over WebDriver BiDi. */
import { browserPaths, firefoxPreferences } from "@enigma-rtc/browsers"
import puppeteer, { type Browser, type Page } from "puppeteer-core"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { openSfu } from "../../src/server/sfu/openSfu.ts"
import { limitMs, serveDemo } from "./driver.ts"
import { pictureMoves } from "./pictureMoves.ts"

let browser: Browser
beforeAll(async () => {
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: browserPaths.firefox,
    headless: true,
    extraPrefsFirefox: { ...firefoxPreferences },
    defaultViewport: { width: 1440, height: 900 }
  })
})
afterAll(() => browser.close())

const arrive = async (url: string, name: string) => {
  const page = await (await browser.createBrowserContext()).newPage()
  const complaints: Array<string> = []
  page.setDefaultTimeout(limitMs)
  page.on("pageerror", (error) => complaints.push(error instanceof Error ? error.message : String(error)))
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
  await page.goto(url)
  await page.locator("::-p-aria([name=\"Your name\"])").fill(name)
  await page.locator("::-p-aria([name=\"Use this name\"][role=\"button\"])").click()
  await sees(page, "You are in the room under this name.")
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") await page.screenshot({ path: `.vitest/page/failed-firefox-${name}.png` })
    await page.close()
  })
  return { page, complaints }
}
/** Waits for words that are shown. */
const sees = async (page: Page, words: string): Promise<void> => {
  await page.waitForFunction((words) => document.body.innerText.includes(words), { polling: 100 }, words)
}
const press = (page: Page, button: string) => page.locator(`::-p-aria([name="${button}"][role="button"])`).click()

const moves = async (page: Page, peer: string): Promise<void> => {
  await page.waitForFunction(pictureMoves, { polling: 100 }, `${peer}’s camera`)
}

describe("the page in Firefox", () => {
  it("calls the bot, and shows a moving picture and that sound comes within five seconds, and moves to the SFU and back; two pages call each other", async () => {
    const { base } = await serveDemo({ sfu: openSfu("127.0.0.1") })
    const alice = await arrive(`${base}/`, "Alice")
    await press(alice.page, "Use camera and microphone")
    await alice.page.waitForSelector("video[aria-label=\"Your camera\"]")
    const sinceMs = performance.now()
    await press(alice.page, "Call the bot")
    await moves(alice.page, "Bot")
    // Where there is no sound device, Firefox measures no level: then the sound's bit rate is shown.
    await alice.page.waitForFunction(() => {
      const meter = document.querySelector("[role=meter][aria-label=\"Sound from Bot\"]")
      return Number(meter?.getAttribute("aria-valuenow")) > 0 || /[1-9]\d* kbit/.test(meter?.textContent ?? "")
    }, { polling: 100 })
    expect(performance.now() - sinceMs).toBeLessThan(5_000)
    for (const way of ["Through the SFU", "Peer to peer"]) {
      await alice.page.locator(`::-p-aria([name="${way}"][role="radio"])`).click()
      await alice.page.waitForSelector(`[role=radio][aria-checked=true]::-p-text(${way})`)
      await alice.page.$eval("video[aria-label=\"Bot’s camera\"]", (video) => delete (video as { firstPicture?: string }).firstPicture)
      await moves(alice.page, "Bot")
    }
    await press(alice.page, "Hang up")
    const bob = await arrive(alice.page.url(), "Bob")
    await press(bob.page, "Call Alice")
    await sees(alice.page, "Bob is calling")
    await alice.page.keyboard.press("a")
    await Promise.all([moves(alice.page, "Bob"), moves(bob.page, "Alice")])
    await press(alice.page, "Hang up")
    await sees(bob.page, "Alice hung up")
    expect([...alice.complaints, ...bob.complaints]).toEqual([])
  })
})
