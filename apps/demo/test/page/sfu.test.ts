/** Calls through the SFU, in Chromium: moved there and back by either end, what becomes of them when it is gone, and groups. */
import { chromiumArgs } from "@enigma-rtc/browsers"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Browser } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openSfu } from "../../src/server/sfu/openSfu.ts"
import type { OpenSfu, SfuPlug } from "../../src/server/SfuPlug.ts"
import { until } from "../until.ts"
import { arrive, audit, call, countBlanks, launch, moves, movesOn, onWay, type Person, serveDemo, switchTo, talk } from "./driver.ts"

// Four who are seen by each other are much for a small machine: few pictures a second do.
const fewPictures = chromiumArgs.map((arg) => (arg === "--use-fake-device-for-media-stream" ? `${arg}=device-count=3,fps=8` : arg))
let browser: Browser
beforeAll(async () => void (browser = await launch(fewPictures)))
afterAll(() => browser.close())

interface Figures {
  readonly sfu: Readonly<Record<"peers" | "producers" | "consumers", number>> & { readonly workers: ReadonlyArray<{ readonly pid: number; readonly peers: number }> }
}
const figuresOf = async (base: string) => ((await (await fetch(`${base}/figures`)).json()) as Figures).sfu

/** An SFU that can be gone, while its server goes on. */
const doomedSfu = () => {
  const scope = Scope.makeUnsafe()
  let isGone = false
  const open: OpenSfu = (server) =>
    Effect.map(Scope.provide(openSfu("127.0.0.1")(server), scope), (plug): SfuPlug => ({
      ...plug,
      upgrade: (request, socket, head) => (isGone ? socket.destroy() : plug.upgrade(request, socket, head))
    }))
  const end = async () => {
    isGone = true
    await Effect.runPromise(Scope.close(scope, Exit.void))
  }
  return { open, end }
}

describe("a call", () => {
  it("to the bot moves to the SFU and back, while its picture goes on", async () => {
    const { base } = await serveDemo({ sfu: openSfu("127.0.0.1") })
    const alice = await arrive(browser, `${base}/`, "Alice")
    await alice.button("Call the bot").click()
    await moves(alice, "Bot")
    await onWay(alice, "Peer to peer")
    expect(await figuresOf(base)).toMatchObject({ peers: 0 })
    const blanks = await countBlanks(alice, "Bot")
    await switchTo(alice, "Through the SFU")
    await onWay(alice, "Through the SFU")
    await movesOn(alice, "Bot")
    await alice.sees(alice.page.getByText(/With Bot, through the SFU, over UDP/))
    expect(await figuresOf(base)).toMatchObject({ peers: 2 })
    await alice.machineIs("Connected")
    await alice.sees(alice.page.getByRole("list", { name: "Signaling messages" }).getByText("offer: moves the call"))
    // As with a keyboard.
    await alice.page.getByRole("radio", { name: "Through the SFU" }).press("ArrowLeft")
    await onWay(alice, "Peer to peer")
    await movesOn(alice, "Bot")
    await alice.machineIs("Connected")
    // The connection before is let go.
    await alice.page.waitForTimeout(2_500)
    expect(await blanks()).toBe(0)
    await alice.button("Hang up").click()
    await alice.sees(alice.button("Call the bot"))
  })

  it("between two people is moved by either; it outlives a worker, and the SFU itself, and is told what cannot be", async () => {
    const sfu = doomedSfu()
    const { base } = await serveDemo({ sfu: sfu.open })
    const alice = await arrive(browser, `${base}/`, "Alice")
    const bob = await arrive(browser, alice.page.url(), "Bob")
    const both = [alice, bob] as const
    const areOn = async (way: string) => {
      await Promise.all(both.map((one) => onWay(one, way)))
      await Promise.all([movesOn(alice, "Bob"), movesOn(bob, "Alice")])
    }
    await call(alice, "Bob")
    await bob.button(/^Accept/).click()
    await talk(alice, bob)
    await switchTo(alice, "Through the SFU")
    await bob.sees(bob.page.getByText("Alice has moved the call: media goes through the SFU."))
    await areOn("Through the SFU")
    await switchTo(bob, "Peer to peer")
    await areOn("Peer to peer")

    const worker = (await figuresOf(base)).workers.find(({ peers }) => peers > 0)
    process.kill(worker?.pid ?? 0, "SIGKILL")
    await switchTo(alice, "Through the SFU")
    await areOn("Through the SFU")

    await sfu.end()
    await alice.sees(alice.page.getByText("Reconnecting…"))
    await areOn("Peer to peer")
    await switchTo(alice, "Through the SFU")
    await alice.sees(alice.page.getByText("The SFU cannot be reached: media still goes peer to peer."))
    await alice.machineIs("Connected")
    await alice.take("14-not-moved")
    await areOn("Peer to peer")
    await bob.button("Hang up").click()
    await alice.button("Back to the lobby").click()

    // A group takes the way that there is.
    await alice.button("Start a group").click()
    await bob.button("Join the group").click()
    await talk(alice, bob)
    await Promise.all(both.map(({ page, sees }) => sees(page.getByText(/Media goes peer to peer/))))
    // The browser itself complains of each attempt.
    for (const one of both) one.complaints.splice(0, one.complaints.length, ...one.complaints.filter((words) => !words.includes("WebSocket")))
  }, 90_000)
})

describe("a group of four through the SFU", () => {
  it("sees each other; one takes another camera, one shares the screen, one is gone, and the others go on", async () => {
    const { base } = await serveDemo({ sfu: openSfu("127.0.0.1"), relay: { graceMs: 2_000 } })
    const alice = await arrive(browser, `${base}/`, "Alice")
    const rest: Array<Person> = []
    for (const name of ["Bob", "Carol", "Dave"]) rest.push(await arrive(browser, alice.page.url(), name, { viewport: { width: 420, height: 420 } }))
    const [bob, carol, dave] = rest as [Person, Person, Person]
    const all = [alice, bob, carol, dave]
    await alice.button("Start a group").click()
    for (const one of rest) await one.button("Join the group").click()
    const pairs = (some: ReadonlyArray<Person>) => some.flatMap((one) => some.filter((other) => other !== one).map(({ name }) => [one, name] as const))
    await Promise.all(pairs(all).map(([one, name]) => moves(one, name)))
    for (const { page, sees } of all) await sees(page.getByText("Media goes through the SFU"))
    // A microphone and a camera of each, once; and what each receives of each.
    const figures = await until(() => figuresOf(base), ({ consumers }) => consumers >= 24)
    expect(figures).toMatchObject({ peers: 4, producers: 8 })
    await alice.take("12-group-light-wide")
    expect(await audit(alice)).toEqual([])

    await bob.button("Devices").click()
    await bob.page.getByRole("combobox", { name: "Camera" }).selectOption({ index: 2 })
    await movesOn(alice, "Bob")
    await carol.button("Share the screen").click()
    for (const one of [alice, bob, dave]) await one.sees(one.page.getByLabel("Carol’s screen"))
    expect(await figuresOf(base)).toMatchObject({ peers: 4, producers: 9 })

    await dave.page.context().close()
    for (const { page } of [alice, bob, carol]) await page.getByRole("article", { name: "Dave" }).waitFor({ state: "detached" })
    await Promise.all(pairs([alice, bob, carol]).map(([one, name]) => movesOn(one, name)))
    await alice.take("15-group-after-light-wide")
  }, 120_000)
})
