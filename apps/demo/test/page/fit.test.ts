/** The page fits what it is shown on: nothing is beyond its edge, and what one needs in a call stays in sight. */
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { arrive, call, launch, type Person, serveDemo, talk } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

const beyond = ({ page }: Person): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
/** Where this ends, from the top of what is seen. */
const bottomOf = (locator: ReturnType<Person["button"]>): Promise<number> => locator.evaluate((element) => element.getBoundingClientRect().bottom)

describe("the page", () => {
  it("is no wider than a window of 320 px, in the lobby and in a call", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice", { viewport: { width: 320, height: 568 } })
    const bob = await arrive(browser, alice.page.url(), "Bob")
    await alice.sees(alice.button("Call Bob"))
    expect(await beyond(alice)).toBe(0)
    await call(alice, "Bob")
    await bob.button(/^Accept/).click()
    await talk(alice, bob)
    expect(await beyond(alice)).toBe(0)
    await alice.button("Glass box").click()
    expect(await beyond(alice)).toBe(0)
  })

  it("shows whom to call without scrolling, beside an open glass box", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice", { viewport: { width: 1280, height: 800 } })
    await alice.sees(alice.page.getByLabel("Your camera", { exact: true }))
    expect(await bottomOf(alice.button("Call the bot"))).toBeLessThan(800)
  })

  it("shows the devices of a call above its picture, which stays as it is, until Escape or a press elsewhere", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.button("Call the bot").click()
    const tile = alice.page.getByRole("article", { name: "Bot" })
    const devices = alice.button("Devices")
    const menus = alice.page.getByRole("group", { name: "Devices" })
    await alice.sees(devices)
    const before = await tile.boundingBox()
    await devices.click()
    await alice.sees(menus)
    expect(await tile.boundingBox()).toEqual(before)
    await alice.page.getByRole("combobox", { name: "Camera" }).focus()
    await alice.page.keyboard.press("Escape")
    await menus.waitFor({ state: "detached" })
    expect(await devices.evaluate((button) => button === document.activeElement)).toBe(true)
    await devices.click()
    await alice.sees(menus)
    await alice.page.mouse.click(200, 200)
    await menus.waitFor({ state: "detached" })
  })

  it("keeps a group's controls in sight on a small telephone", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice", { viewport: { width: 375, height: 480 } })
    const bob = await arrive(browser, alice.page.url(), "Bob")
    const carol = await arrive(browser, alice.page.url(), "Carol")
    await alice.button("Start a group").click()
    for (const one of [bob, carol]) await one.button("Join the group").click()
    for (const name of ["Bob", "Carol"]) await alice.sees(alice.page.getByRole("article", { name }))
    const hangUp = alice.button(/^(Hang up|Cancel the call)$/)
    await alice.page.evaluate(() => scrollTo(0, 0))
    expect(await bottomOf(hangUp)).toBeLessThanOrEqual(480)
  })
})
