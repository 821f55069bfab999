/** Each view as it is seen: nothing that axe finds wrong, light and dark, wide and narrow; and a picture of it to look at. */
import type { Browser, BrowserContextOptions } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openSfu } from "../../src/server/sfu/openSfu.ts"
import { arrive, audit, call, launch, moves, type Person, serveDemo, talk } from "./driver.ts"

let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())

const looks: ReadonlyArray<readonly [string, BrowserContextOptions]> = [
  ["light-wide", { colorScheme: "light" }],
  ["dark-wide", { colorScheme: "dark" }],
  ["light-narrow", { colorScheme: "light", viewport: { width: 390, height: 844 } }],
  ["dark-narrow", { colorScheme: "dark", viewport: { width: 390, height: 844 } }]
]

describe.for(looks)("every view, %s,", ([look, options]) => {
  it("has nothing that axe finds wrong", async () => {
    const { base } = await serveDemo({ sfu: openSfu("127.0.0.1") })
    const found: Array<string> = []
    // Movement that is on its way has colours of its own.
    const alice = await arrive(browser, `${base}/`, "Alice", { ...options, reducedMotion: "reduce" })
    const isNarrow = look.endsWith("narrow")
    const see = async (who: Person, view: string) => {
      await who.take(`${view}-${look}`)
      found.push(...(await audit(who)).map((words) => `${view}: ${words}`))
    }
    await alice.sees(alice.button("Call the bot"))
    await alice.sees(alice.page.getByLabel("Your camera", { exact: true }))
    await see(alice, "1-lobby-alone")
    const bob = await arrive(browser, alice.page.url(), "Bob Marlowe")
    await alice.sees(alice.button("Call Bob Marlowe"))
    await see(alice, "2-lobby")
    await alice.button("Start a group").click()
    await alice.sees(alice.button("Leave the group"))
    await see(alice, "2-lobby-in-group")
    await alice.button("Leave the group").click()
    await call(alice, "Bob Marlowe")
    await alice.sees(alice.page.getByText("Ringing Bob Marlowe…"))
    await see(alice, "3-ringing")
    await bob.button(/^Decline/).click()
    await alice.sees(alice.heading("Bob Marlowe declined"))
    await see(alice, "4-declined")
    await alice.button("Back to the lobby").click()
    await call(bob, "Alice")
    await alice.sees(alice.page.getByRole("dialog"))
    await see(alice, "5-incoming")
    await alice.page.keyboard.press("a")
    await talk(alice, bob)
    await alice.sees(alice.page.getByLabel("Sound from Bob Marlowe"))
    await see(alice, "6-call")
    await bob.button("Mute the microphone").click()
    await bob.button("Switch the camera off").click()
    await alice.sees(alice.page.getByText("Their microphone and camera are off"))
    await see(alice, "6-call-peer-off")
    await bob.button("Unmute the microphone").click()
    await bob.button("Switch the camera on").click()
    await moves(alice, "Bob Marlowe")
    await alice.button("Put the call on hold").click()
    await alice.sees(alice.page.getByText("Nothing is sent or played, until you resume"))
    await see(alice, "7-hold")
    await alice.button("Resume the call").click()
    await moves(alice, "Bob Marlowe")
    if (isNarrow) await alice.button("Glass box").click()
    const box = alice.page.getByRole("complementary", { name: "Glass box" })
    await alice.sees(alice.page.getByText(/With Bob Marlowe, over UDP/))
    await see(alice, "8-box")
    await alice.button("Replay it").click()
    await alice.page.getByRole("slider", { name: "Step" }).fill("3")
    await see(alice, "9-replay")
    await alice.button("Back to live").click()
    await box.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await see(alice, "10-box-end")
    if (isNarrow) await alice.button("Fold the glass box").click()
    await alice.page.keyboard.press("?")
    await alice.sees(alice.page.getByRole("dialog", { name: "Keys" }))
    await see(alice, "11-keys")
    expect(found).toEqual([])
  }, 90_000)
})
