/** The demo with two people in a room, each in a Chromium of their own with a camera that shows them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { browserPaths, chromiumArgs } from "@enigma-rtc/browsers"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { type Browser, type CDPSession, chromium, type Page } from "playwright"
import { startServer } from "../src/server/startServer.ts"
import { alice, bob, film } from "./cameras.ts"

export type Scheme = "light" | "dark"
export const schemes: ReadonlyArray<Scheme> = ["light", "dark"]

export interface Person {
  readonly name: string
  readonly page: Page
  readonly devtools: CDPSession
}

export interface View {
  readonly width: number
  readonly height: number
  /** Pixels of a picture for each of the page's. */
  readonly scale: number
}

export interface Stage {
  /** An empty page, to draw in. */
  readonly studio: Page
  /** Alice and Bob in a new room, without a call. */
  readonly meet: (scheme: Scheme, view: View) => Promise<readonly [Person, Person]>
  readonly close: () => Promise<void>
}

const launch = (args: ReadonlyArray<string> = []): Promise<Browser> =>
  chromium.launch({ executablePath: browserPaths.chromium, args: [...chromiumArgs, "--hide-scrollbars", "--font-render-hinting=none", ...args] })

export const openStage = async (): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), "enigma-rtc-pictures-"))
  const scope = Scope.makeUnsafe()
  const painter = await launch()
  const studio = await painter.newPage()
  const browsers = await Promise.all(Object.entries({ alice, bob }).map(async ([name, look]) => {
    const file = join(folder, `${name}.mjpeg`)
    await writeFile(file, await film(await painter.newPage(), look))
    return launch([`--use-file-for-fake-video-capture=${file}`])
  }))
  const { port } = await Effect.runPromise(Scope.provide(startServer({ host: "127.0.0.1", port: 0 }), scope))

  const arrive = async (browser: Browser, url: string, name: string, ...[scheme, view]: Parameters<Stage["meet"]>): Promise<Person> => {
    const context = await browser.newContext({ colorScheme: scheme })
    const page = await context.newPage()
    const person = { name, page, devtools: await context.newCDPSession(page) }
    await look(person, view)
    await page.goto(url)
    await page.getByText("You are in the room under this name.").waitFor()
    await page.getByLabel("Your name").fill(name)
    await page.getByRole("button", { name: "Use this name" }).click()
    await page.getByText("You are in the room under this name.").waitFor()
    await page.getByLabel("Your camera", { exact: true }).waitFor()
    return person
  }
  return {
    studio,
    meet: async (...how) => {
      const [left, right] = browsers
      if (left === undefined || right === undefined) throw new Error("Two people need two browsers.")
      for (const browser of browsers) for (const context of browser.contexts()) await context.close()
      const first = await arrive(left, `http://127.0.0.1:${port}/`, "Alice", ...how)
      const second = await arrive(right, first.page.url(), "Bob", ...how)
      await first.page.getByRole("button", { name: "Call Bob" }).waitFor()
      return [first, second]
    },
    close: async () => {
      await Promise.all([painter, ...browsers].map((browser) => browser.close()))
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Changes what of the page is seen. */
export const look = async ({ devtools, page }: Person, { height, scale, width }: View): Promise<void> => {
  await page.setViewportSize({ width, height })
  // Of each session its own: a session that takes a picture sizes the page as it knows it.
  await devtools.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: false })
}

/** The channel that is told of everywhere: 40 % repeats, 300 ms jitter, 20 % loss. */
export const worsen = async ({ page }: Person): Promise<void> => {
  for (const [label, value] of [["Jitter", 300], ["Repeats", 0.4], ["Loss", 0.2]] as const) {
    await page.getByRole("slider", { name: label }).fill(String(value))
  }
}

export const isIn = ({ page }: Person, state: string): Promise<void> => page.getByRole("img", { name: `It is in ${state}.` }).waitFor()
