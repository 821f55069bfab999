/** The demo in a real Chromium, as people have it: each with a page of their own, found by roles and labels. For the page's tests. */
import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { browserPaths, chromiumArgs } from "@enigma-rtc/browsers"
import axe, { type AxeResults, type RunOptions } from "axe-core"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright"
import { expect, onTestFinished } from "vitest"
import type { ServerOptions } from "../../src/server/startServer.ts"
import { serve, type Served } from "../serve.ts"
import { pictureMoves } from "./pictureMoves.ts"

/** How long anything that a person waits for may take, on a machine that is busy. */
export const limitMs = 15_000
const shots = fileURLToPath(new URL("../../.vitest/page/", import.meta.url))

export const launch = (args: ReadonlyArray<string> = chromiumArgs): Promise<Browser> =>
  chromium.launch({ executablePath: browserPaths.chromium, args: [...args] })

export const serveDemo = (options: Partial<ServerOptions> = {}): Promise<Served> =>
  serve({ bot: { localAddresses: { udp4: "127.0.0.1" } }, ...options })

export interface Person {
  readonly name: string
  readonly page: Page
  /** What the page has complained of: a test may take back what it has caused itself. */
  readonly complaints: Array<string>
  readonly button: (name: string | RegExp) => ReturnType<Page["getByRole"]>
  readonly heading: (name: string | RegExp) => ReturnType<Page["getByRole"]>
  /** Waits until this is seen. */
  readonly sees: (locator: ReturnType<Page["getByRole"]>) => Promise<void>
  /** Waits until the glass box's machine is in this state. */
  readonly machineIs: (state: string) => Promise<void>
  readonly take: (name: string) => Promise<void>
}

/** Writes another name, and asks to be called so. */
export const rename = async ({ page }: Pick<Person, "page">, name: string): Promise<void> => {
  await page.getByLabel("Your name").fill(name)
  await page.getByRole("button", { name: "Use this name" }).click()
}

/** Somebody with a page, in a room. Complaints of the page fail the test. */
export const arrive = async (browser: Browser, url: string, name: string, options: BrowserContextOptions = {}): Promise<Person> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  context.setDefaultTimeout(limitMs)
  const page = await context.newPage()
  const complaints: Array<string> = []
  page.on("pageerror", ({ message }) => complaints.push(`uncaught: ${message}`))
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") {
      await mkdir(shots, { recursive: true })
      await page.screenshot({ path: `${shots}failed-${name}.png` }).catch(() => {})
    }
    await context.close()
    expect(complaints).toEqual([])
  })
  await page.goto(url)
  const person: Person = {
    name,
    page,
    complaints,
    button: (words) => page.getByRole("button", { name: words, exact: typeof words === "string" }),
    heading: (words) => page.getByRole("heading", { name: words }),
    sees: (locator) => locator.first().waitFor(),
    machineIs: (state) => page.getByRole("img", { name: `It is in ${state}.` }).waitFor(),
    take: async (name) => {
      await mkdir(shots, { recursive: true })
      await page.screenshot({ path: `${shots}${name}.png` })
    }
  }
  await person.sees(page.getByText("You are in the room under this name."))
  await rename(person, name)
  await person.sees(page.getByText("You are in the room under this name."))
  return person
}

export const call = (who: Person, whom: string): Promise<void> => who.button(`Call ${whom}`).click()

/** Both see each other move. */
export const talk = async (a: Person, b: Person): Promise<void> => {
  await Promise.all([moves(a, b.name), moves(b, a.name)])
}

/** A picture of this peer is there, and is another one a moment later. */
export const moves = async ({ page }: Person, peer: string): Promise<void> => {
  await page.waitForFunction(pictureMoves, `${peer}’s camera`, { polling: 100 })
}

/** Asks for another way for the media of a call. */
export const switchTo = ({ page }: Person, way: string): Promise<void> => page.getByRole("radio", { name: way }).click()
/** Waits until media goes this way. */
export const onWay = ({ page }: Person, way: string): Promise<void> => page.getByRole("radio", { name: way, checked: true }).waitFor()

/** The same from now on, whatever was seen before. */
export const movesOn = async (who: Person, peer: string): Promise<void> => {
  await who.page.getByLabel(`${peer}’s camera`, { exact: true }).evaluate((video) => delete (video as { firstPicture?: string }).firstPicture)
  await moves(who, peer)
}

/** Counts from now on, frame by frame, how often there is no picture of this peer. */
export const countBlanks = async ({ page }: Person, peer: string): Promise<() => Promise<number>> => {
  await page.evaluate((label) => {
    const seen = { blanks: 0 }
    Object.assign(globalThis, { seen })
    const look = () => {
      const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`)
      if (video === null || video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) seen.blanks += 1
      requestAnimationFrame(look)
    }
    look()
  }, `${peer}’s camera`)
  return () => page.evaluate(() => (globalThis as unknown as { readonly seen: { readonly blanks: number } }).seen.blanks)
}

/** What axe finds wrong with the page as it is. */
export const audit = async ({ page }: Person): Promise<ReadonlyArray<string>> => {
  // Past the page's policy, which lets no script in that is not its own.
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: { readonly run: (options: RunOptions) => Promise<AxeResults> } }
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any.map(({ message }) => message).join("; ")}`).join(" | ")}`)
  })
}
