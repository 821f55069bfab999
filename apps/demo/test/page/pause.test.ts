/** A laptop that is shut in a call: its whole browser stands still, sockets and all, and goes on ten seconds later. */
import { browserPaths, chromiumArgs } from "@enigma-rtc/browsers"
import { chromium } from "playwright"
import { describe, expect, it } from "vitest"
import { arrive, call, launch, moves, type Person, serveDemo, talk } from "./driver.ts"

const pauseMs = 10_000

/** From now on, `moves` is asked of a picture that comes later. */
const forgetPictures = ({ page }: Person) =>
  page.evaluate(() => {
    for (const video of document.querySelectorAll("video")) Reflect.deleteProperty(video, "firstPicture")
  })

describe("a call", () => {
  it("whose one end is asleep for 10 s is reconnecting in words, and goes on when it wakes", async () => {
    const { base } = await serveDemo()
    // With a process group of its own, which can be stopped as the lid of a laptop does.
    const laptop = await chromium.launchServer({ executablePath: browserPaths.chromium, args: [...chromiumArgs] })
    const group = -(laptop.process().pid ?? Number.NaN)
    const browsers = [await launch(), await chromium.connect(laptop.wsEndpoint())] as const
    try {
      const alice = await arrive(browsers[0], `${base}/`, "Alice")
      const bob = await arrive(browsers[1], alice.page.url(), "Bob")
      await call(alice, "Bob")
      await bob.button(/^Accept/).click()
      await talk(alice, bob)

      process.kill(group, "SIGSTOP")
      const since = performance.now()
      await alice.sees(alice.page.getByText("Reconnecting…"))
      await alice.take("peer-asleep")
      await new Promise((resolve) => setTimeout(resolve, since + pauseMs - performance.now()))
      process.kill(group, "SIGCONT")

      await alice.page.getByText("Reconnecting…").waitFor({ state: "detached" })
      await Promise.all([forgetPictures(alice), forgetPictures(bob)])
      await talk(alice, bob)
      // It is the same call: nobody was asked again, and what changes in it is agreed on.
      expect(await bob.page.getByRole("dialog").count()).toBe(0)
      await alice.button("Put the call on hold").click()
      await alice.button("Resume the call").click()
      await moves(bob, "Alice")
      await bob.button("Hang up").click()
      await alice.sees(alice.heading("Bob hung up"))
    } finally {
      process.kill(group, "SIGCONT")
      await Promise.all([...browsers.map((browser) => browser.close()), laptop.close()])
    }
  })
})
