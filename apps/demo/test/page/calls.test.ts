/** Calls as people place them, in Chromium: with the bot, with each other, and as a group. */
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { arrive, call, launch, moves, serveDemo, talk } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

/** Two people in a room, and a third if one is named. */
const meet = async (options: Parameters<typeof serveDemo>[0] = {}, ...others: ReadonlyArray<string>) => {
  const alice = await arrive(browser, `${(await serveDemo(options)).base}/`, "Alice")
  const rest = []
  for (const name of ["Bob", ...others]) rest.push(await arrive(browser, alice.page.url(), name))
  // There is a Bob.
  return [alice, ...rest] as unknown as [typeof alice, typeof alice, typeof alice]
}

describe("a call to the bot", () => {
  it("shows a moving picture and a sound level within five seconds of the click, and its figures", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.sees(alice.button("Call the bot"))
    const sinceMs = performance.now()
    await alice.button("Call the bot").click()
    await moves(alice, "Bot")
    const meter = alice.page.getByRole("meter", { name: "Sound from Bot" })
    await expect.poll(async () => Number(await meter.getAttribute("aria-valuenow")), { timeout: 5_000 }).toBeGreaterThan(10)
    expect(performance.now() - sinceMs).toBeLessThan(5_000)
    await alice.machineIs("Connected")
    await alice.sees(alice.page.getByText(/With Bot, over UDP/))
    // There is no SFU, and so nothing to choose.
    expect(await alice.page.getByRole("radiogroup").count()).toBe(0)
    await alice.button("Hang up").click()
    await alice.sees(alice.button("Call the bot"))
    await alice.machineIs("Ended")
  })

  it("does so in a tab that nobody looks at too, whose timers run once a second", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.page.addInitScript(() => {
      const own = globalThis.setTimeout
      const late = (task: () => void, ms = 0, ...given: Array<unknown>) => own(task, Math.max(ms, 1_000), ...given)
      Object.assign(globalThis, { setTimeout: late })
    })
    await alice.page.reload()
    await alice.sees(alice.button("Call the bot"))
    const sinceMs = performance.now()
    await alice.button("Call the bot").click()
    await moves(alice, "Bot")
    expect(performance.now() - sinceMs).toBeLessThan(5_000)
  })
})

describe("a call between two pages", () => {
  it("rings, is accepted, is muted, held and resumed, and hung up: each told in words on the other end", async () => {
    const [alice, bob] = await meet()
    await call(alice, "Bob")
    await alice.sees(alice.page.getByText("Ringing Bob…"))
    await bob.sees(bob.page.getByRole("dialog", { name: "Alice is calling" }))
    expect(await bob.button(/^Accept/).evaluate((button) => button === document.activeElement)).toBe(true)
    await bob.button(/^Accept/).click()
    await talk(alice, bob)

    const alicesTile = bob.page.getByRole("article", { name: "Alice" })
    const heard = bob.page.getByRole("meter", { name: "Sound from Alice" })
    const level = async () => Number(await heard.getAttribute("aria-valuenow"))
    await alice.button("Mute the microphone").click()
    await alice.sees(alice.page.getByText("muted"))
    await bob.sees(alicesTile.getByText("Microphone off"))
    await expect.poll(level, { timeout: 5_000 }).toBe(0)
    await alice.page.keyboard.press("m")
    await alice.sees(alice.button("Mute the microphone"))
    await alicesTile.getByText("Microphone off").waitFor({ state: "detached" })

    await alice.button("Put the call on hold").click()
    await alice.sees(alice.page.getByText("Nothing is sent or played, until you resume"))
    await bob.sees(alicesTile.getByText("On hold", { exact: true }))
    await bob.sees(bob.page.getByText("Alice has put the call on hold"))
    await alice.button("Resume the call").click()
    await bob.page.getByText("Alice has put the call on hold").waitFor({ state: "detached" })
    await talk(alice, bob)

    await bob.button("Hang up").click()
    await alice.sees(alice.heading("Bob hung up"))
    await alice.sees(alice.page.getByText(/You were in the call for 0:/))
    await bob.sees(bob.button("Call Alice"))
    await bob.sees(bob.page.getByText("The call with Alice is over."))
    await alice.button("Back to the lobby").click()
    await alice.sees(alice.button("Call Bob"))
  })

  it("shows a shared screen beside the camera, until it is shared no more", async () => {
    const [alice, bob] = await meet()
    await call(alice, "Bob")
    await bob.button(/^Accept/).click()
    await talk(alice, bob)
    await alice.button("Share the screen").click()
    await bob.sees(bob.page.getByLabel("Alice’s screen"))
    await alice.page.keyboard.press("s")
    await bob.page.getByLabel("Alice’s screen").waitFor({ state: "detached" })
    await moves(bob, "Alice")
  })

  it("that is declined, or not wanted while another is on, says so", async () => {
    const [alice, bob, carol] = await meet(undefined, "Carol")
    await call(alice, "Bob")
    await bob.sees(bob.page.getByRole("dialog"))
    await bob.page.keyboard.press("d")
    await alice.sees(alice.heading("Bob declined"))
    await alice.button("Call Bob again").click()
    await bob.sees(bob.page.getByRole("dialog"))
    await bob.page.keyboard.press("a")
    await bob.sees(bob.page.getByRole("toolbar", { name: "Call" }))
    await talk(alice, bob)
    await call(carol, "Bob")
    await bob.sees(bob.page.getByText(/You are in a call/))
    await bob.button(/^I am busy/).click()
    await carol.sees(carol.heading("Bob is busy"))
    await moves(bob, "Alice")
  })

  it("that nobody answers ends in words on either end, and so does one that is cancelled", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    const link = alice.page.url()
    await alice.page.goto("about:blank")
    await alice.page.goto(`${link}&ring=3`)
    const bob = await arrive(browser, link, "Bob")
    await call(alice, "Bob")
    await bob.sees(bob.page.getByRole("dialog"))
    await alice.sees(alice.heading("No answer"))
    await bob.page.getByRole("dialog").waitFor({ state: "detached" })
    await bob.sees(bob.heading(/no answer|not calling/i))
    await bob.button("Back to the lobby").click()
    await call(bob, "Alice")
    await alice.sees(alice.page.getByRole("dialog"))
    await bob.button("Cancel the call").click()
    await alice.sees(alice.heading("Bob is not calling any more"))
  })
})

describe("a group", () => {
  it("of three connects everybody with everybody who joins, and goes on when one leaves abruptly", async () => {
    const people = await meet({ relay: { graceMs: 2_000 } }, "Carol")
    const [alice, bob, carol] = people
    await alice.button("Start a group").click()
    await bob.sees(bob.page.getByText("Alice is in it."))
    await bob.button("Join the group").click()
    await talk(alice, bob)
    await carol.button("Join the group").click()
    await Promise.all([talk(alice, carol), talk(bob, carol)])
    await carol.page.context().close()
    await moves(alice, "Bob")
    await alice.page.getByRole("article", { name: "Carol" }).waitFor({ state: "detached", timeout: 40_000 })
    await moves(bob, "Alice")
  }, 90_000)

  it("is seen by who is alone in it, left by a button or a key, and joined from the card of a call that is over", async () => {
    const [alice, bob, carol] = await meet({}, "Carol")
    await alice.button("Start a group").click()
    await alice.sees(alice.page.getByText("Whoever joins it is connected with you, with your camera and microphone."))
    await bob.sees(bob.page.getByText("Alice is in it."))
    // Also after a reload.
    await alice.page.reload()
    await alice.button("Leave the group").click()
    await bob.sees(bob.button("Start a group"))
    await call(alice, "Bob")
    await bob.button(/^Accept/).click()
    await talk(alice, bob)
    await carol.button("Start a group").click()
    await bob.button("Hang up").click()
    await alice.sees(alice.heading("Bob hung up"))
    await alice.button("Join the group").click()
    await talk(alice, carol)
    await carol.page.keyboard.press("e")
    await alice.sees(alice.button("Leave the group"))
    await alice.sees(alice.page.getByRole("main").getByText("Carol hung up."))
    await carol.sees(carol.page.getByRole("main").getByText("You have left the group."))
    await carol.sees(carol.button("Join the group"))
    await alice.page.keyboard.press("e")
    await alice.sees(alice.button("Start a group"))
  })
})
