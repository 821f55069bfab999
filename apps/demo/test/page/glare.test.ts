/** What the demo is for: calls that converge over signaling that is as bad as its sliders go. */
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, it } from "vitest"
import { arrive, call, launch, type Person, serveDemo, talk } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

/** Moves a slider as a person does. */
const slide = async ({ page }: Person, label: string, value: number) => page.getByRole("slider", { name: label }).fill(String(value))

/** `TURNS=10` for the whole claim. */
const turns = Number(process.env["TURNS"] ?? 3)

describe("two pages that press call at once", () => {
  it(`are in one call, ${turns} of ${turns} times, with 40 % repeats, 300 ms jitter and 20 % loss`, async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    const bob = await arrive(browser, alice.page.url(), "Bob")
    for (const one of [alice, bob]) {
      await slide(one, "Jitter", 300)
      await slide(one, "Repeats", 0.4)
      await slide(one, "Loss", 0.2)
    }
    for (let turn = 0; turn < turns; turn++) {
      await Promise.all([call(alice, "Bob"), call(bob, "Alice")])
      await talk(alice, bob)
      await Promise.all([alice.machineIs("Connected"), bob.machineIs("Connected")])
      await alice.button("Hang up").click()
      await bob.sees(bob.heading("Alice hung up"))
      await bob.button("Back to the lobby").click()
      await alice.sees(alice.button("Call Bob"))
    }
  }, 30_000 + turns * 20_000)

  it("are asked to by a button, which tells whose call went on; the bot takes part too", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.sees(alice.button("Call the bot"))
    await alice.button("Both call at once").click()
    await alice.machineIs("Connected")
    await alice.button("Hang up").click()
    await alice.sees(alice.button("Call the bot"))
    const bob = await arrive(browser, alice.page.url(), "Bob")
    // So long on their way that the offers cross for sure.
    for (const one of [alice, bob]) await slide(one, "Jitter", 1_000)
    await alice.page.getByLabel("With whom").selectOption("Bob")
    await alice.button("Both call at once").click()
    await talk(alice, bob)
    await Promise.all([alice, bob].map(({ page, sees }) => sees(page.getByText(/Both called\. (Ours|Theirs) went on/))))
  })
})
