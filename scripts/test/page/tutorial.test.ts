/** docs/tutorial.md does what it says: its files, in an empty folder, are calls between pages in a real Chromium. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { browserPaths, chromiumArgs } from "@enigma-rtc/browsers"
import { type Browser, chromium, type Page } from "playwright"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { makeTutorialFolder, tutorialFiles } from "../../tutorial.ts"

const limitMs = 15_000
const folder = mkdtempSync(join(tmpdir(), "enigma-rtc-tutorial-"))
const running: Array<ChildProcess> = []
let browser: Browser
let site: string

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Starts a program of the folder, and waits until it says so. */
const start = (args: ReadonlyArray<string>, says: RegExp): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      // What it says is read: without colours, wherever this runs.
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" }
    })
    running.push(child)
    let said = ""
    const read = (chunk: Buffer) => {
      said += String(chunk)
      if (says.test(said)) resolve(child)
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}: ${said}`)))
    setTimeout(() => reject(new Error(`${args.join(" ")} has not said ${says}: ${said}`)), limitMs).unref()
  })

beforeAll(async () => {
  // The one thing that is not as in the text: other tests may use its ports.
  const [relayPort, sitePort] = [await freePort(), await freePort()]
  await makeTutorialFolder(folder, (text) => text.replaceAll("8080", String(relayPort)))
  site = `http://localhost:${sitePort}`
  await Promise.all([
    start(["relay.ts"], /listens/),
    start(["node_modules/vite/bin/vite.js", "--port", String(sitePort), "--strictPort"], /Local:/),
    chromium.launch({ executablePath: browserPaths.chromium, args: [...chromiumArgs] }).then((launched) => (browser = launched))
  ])
}, 30_000)

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

afterAll(async () => {
  await browser?.close()
  for (const child of running) child.kill()
  rmSync(folder, { recursive: true, force: true })
})

const open = async (name: string): Promise<Page> => {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(limitMs)
  await page.goto(`${site}/?${name}`)
  await page.getByText(`You are ${name}.`).waitFor()
  return page
}
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()
const tells = (page: Page, words: string) => page.getByText(words).waitFor()

/** The other's picture is another one a moment later, and their sound has come. */
const meets = (page: Page) =>
  page.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement & { first?: string }>("#camera")
    const audio = document.querySelector<HTMLAudioElement>("#microphone")
    if (video === null || audio === null || video.videoWidth === 0) return false
    const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 24 })
    canvas.getContext("2d")?.drawImage(video, 0, 0, 32, 24)
    const picture = canvas.toDataURL()
    video.first ??= picture
    return picture !== video.first && audio.currentTime > 0
  }, undefined, { polling: 100 })

describe("docs/tutorial.md", { timeout: 30_000 }, () => {
  it("is a call in about sixty lines", () => {
    const lines = ["relay.ts", "joinRelay.ts", "index.html", "main.ts"].flatMap((name) => tutorialFiles.get(name)?.split("\n") ?? [])
    expect(lines.filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(66)
  })

  it("has two pages call each other, with moving pictures and sound, and hang up", async () => {
    const [alice, bob] = await Promise.all([open("alice"), open("bob")])
    await press(alice, "Call")
    await press(bob, "Answer")
    await Promise.all([meets(alice), meets(bob)])
    await tells(alice, "alice and bob: Connected")
    await press(bob, "Hang up")
    await Promise.all([tells(alice, "Ended"), tells(bob, "Ended")])
    await press(alice, "Call")
    await press(bob, "Answer")
    await Promise.all([tells(alice, "Connected"), tells(bob, "Connected")])
  })

  it("has a bot that answers in Node", async () => {
    // It says nothing: a call that comes before the bot is repeated until it is there.
    running.push(spawn(process.execPath, ["bot.ts"], { cwd: folder, stdio: "inherit" }))
    const alice = await open("alice")
    await alice.getByLabel("Call").fill("bot")
    await press(alice, "Call")
    await meets(alice)
  })

  it("comes to one call over the worse channel, also when both press call at once", async () => {
    const main = join(folder, "main.ts")
    const plain = readFileSync(main, "utf8")
    const worse = plain.replace("channel: await joinRelay(me)", "channel: worsen(await joinRelay(me))")
    expect(worse).not.toBe(plain)
    writeFileSync(main, `import { worsen } from "./worsen.ts"\n${worse}`)
    const [alice, bob] = await Promise.all([open("alice"), open("bob")])
    await bob.getByLabel("Call").fill("alice")
    await Promise.all([press(alice, "Call"), press(bob, "Call")])
    await Promise.all([meets(alice), meets(bob)])
    await Promise.all([tells(alice, "Connected"), tells(bob, "Connected")])
  })
})
