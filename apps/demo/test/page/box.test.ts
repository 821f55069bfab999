/** The glass box: it follows a call, and a trace that it saved is replayed in it, forwards and back. */
import { readFile } from "node:fs/promises"
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { arrive, launch, moves, serveDemo } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

describe("the glass box", () => {
  it("follows a call, logs its messages with what became of them, and replays the trace that it saved", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    const { page } = alice
    await alice.machineIs("Idle")
    await alice.sees(page.getByText("Place a call, and watch it move."))
    await alice.button("Call the bot").click()
    await alice.machineIs("Connected")
    await moves(alice, "Bot")
    const log = page.getByRole("list", { name: "Signaling messages" })
    await alice.sees(log.getByText("answer", { exact: true }))
    await page.getByLabel("Which messages").selectOption({ label: "Offers and answers" })
    await alice.sees(log.getByRole("listitem").filter({ hasText: /to Bot *offer.*kB.*arrived/ }))
    await alice.sees(log.getByRole("listitem").filter({ hasText: /from Bot *answer.*kB.*delivered/ }))
    expect(await log.getByText("ice_candidate").count()).toBe(0)
    await alice.button("Hang up").click()
    await alice.machineIs("Ended")

    const saving = page.waitForEvent("download")
    await alice.button("Save the trace").click()
    const path = await (await saving).path()
    expect((await readFile(path, "utf8")).split("\n")[0]).toContain("\"trace\":\"enigma-rtc\"")

    await page.getByLabel("Trace file").setInputFiles({ name: "call.jsonl", mimeType: "application/jsonl", buffer: await readFile(path) })
    await alice.sees(page.getByText("Replay of call.jsonl"))
    await alice.machineIs("Idle")
    await alice.button("One step on").click()
    await alice.machineIs("CreatingOffer")
    await alice.button("One step back").click()
    await alice.machineIs("Idle")
    const slider = page.getByRole("slider", { name: "Step" })
    await slider.focus()
    await page.keyboard.press("End")
    await alice.machineIs("Ended")
    await page.keyboard.press("ArrowLeft")
    await alice.machineIs("Ending")
    await page.getByRole("list", { name: "Inputs of the machine" }).getByText("EngineUp").click()
    await alice.machineIs("Connected")
    await alice.button("Back to live").click()
    await alice.machineIs("Ended")
  })

  it("says what is wrong with a file that is no trace", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.page.getByLabel("Trace file").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") })
    await alice.sees(alice.page.getByText(/This is no trace: notes\.txt, at line 1/))
  })

  it("cuts the signaling for five seconds, and the call comes about after it", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.sees(alice.button("Call the bot"))
    await alice.button("Cut for 5 s").click()
    await alice.button("Call the bot").click()
    const log = alice.page.getByRole("list", { name: "Signaling messages" })
    await alice.sees(log.getByText("lost", { exact: true }))
    expect(await log.getByRole("listitem").filter({ hasText: /lost.*lost/ }).count()).toBe(0)
    await alice.machineIs("WaitingAnswer")
    await alice.machineIs("Connected")
    await moves(alice, "Bot")
  })
})
