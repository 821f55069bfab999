/** What goes wrong around a call, each told in words with what to do: devices, names, links, the server, a reload. */
import { chromiumArgs } from "@enigma-rtc/browsers"
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, it } from "vitest"
import { arrive, call, launch, moves, rename, serveDemo, talk } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

describe("the page", () => {
  it("without permission says so, and calls without being seen all the same", async () => {
    const strict = await launch(chromiumArgs.map((arg) => (arg === "--use-fake-ui-for-media-stream" ? "--deny-permission-prompts" : arg)))
    try {
      const { base } = await serveDemo()
      const alice = await arrive(strict, `${base}/`, "Alice")
      await alice.button("Use camera and microphone").click()
      await alice.sees(alice.page.getByText(/may not use your camera and microphone\. Allow them/))
      await alice.button("Call the bot").click()
      await moves(alice, "Bot")
      await alice.sees(alice.page.getByText("no microphone"))
    } finally {
      await strict.close()
    }
  })

  it("without devices says so, and calls all the same", async () => {
    const bare = await launch(chromiumArgs.map((arg) => (arg === "--use-fake-device-for-media-stream" ? `${arg}=device-count=0` : arg)))
    try {
      const { base } = await serveDemo()
      const alice = await arrive(bare, `${base}/`, "Alice")
      await alice.button("Call the bot").click()
      await moves(alice, "Bot")
      await alice.button("Hang up").click()
      await alice.sees(alice.page.getByText(/No camera is there\. Plug one in/))
    } finally {
      await bare.close()
    }
  })

  it("under a name that is taken says so, and comes in under another one", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    const other = await arrive(browser, alice.page.url(), "Bob")
    await rename(other, "alice")
    await other.sees(other.page.getByText(/Somebody in this room has that name already/))
    await rename(other, "Carol")
    await other.sees(other.button("Call Alice"))
    await alice.sees(alice.button("Call Carol"))
  })

  it("with a link that opens nothing says so, and opens a room of its own", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.page.goto("about:blank")
    await alice.page.goto(`${base}/#room=room.mistyped&token=aaaaaaaaaaaaaaaaaaaaaaaa`)
    await alice.sees(alice.page.getByText(/This link does not open the room/))
    await alice.button("Open a new room").click()
    await alice.sees(alice.page.getByText("You are in the room under this name."))
  })

  it("whose server is gone says so and comes back by itself; a call goes on meanwhile", async () => {
    const first = await serveDemo()
    const alice = await arrive(browser, `${first.base}/`, "Alice")
    const bob = await arrive(browser, alice.page.url(), "Bob")
    await call(alice, "Bob")
    await bob.button(/^Accept/).click()
    await talk(alice, bob)
    await first.stop()
    await alice.sees(alice.page.getByText(/Calls that are on go on/))
    await moves(alice, "Bob")
    const again = await serveDemo({ port: first.port })
    await alice.page.getByText(/Calls that are on go on/).waitFor({ state: "detached" })
    await bob.page.getByText(/Calls that are on go on/).waitFor({ state: "detached" })
    await bob.button("Hang up").click()
    await alice.sees(alice.heading("Bob hung up"))
    await again.stop()
    await alice.sees(alice.page.getByText(/You can call when it is back/))
    // The browser itself complains of each attempt.
    for (const one of [alice, bob]) one.complaints.splice(0, one.complaints.length, ...one.complaints.filter((words) => !words.includes("WebSocket")))
    await Promise.all([alice, bob].map(({ page }) => page.context().setOffline(true)))
  })

  it("that is reloaded in a call calls again, and the other end takes it without being asked", async () => {
    const { base } = await serveDemo()
    const alice = await arrive(browser, `${base}/`, "Alice")
    const bob = await arrive(browser, alice.page.url(), "Bob")
    await call(alice, "Bob")
    await bob.button(/^Accept/).click()
    await talk(alice, bob)
    await alice.page.reload()
    await talk(alice, bob)
    await bob.button("Hang up").click()
    await alice.sees(alice.heading("Bob hung up"))
  })
})
