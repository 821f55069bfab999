/** Films two glass boxes while both people press call at once over a bad channel, until they are in one call. */
import { isIn, look, type Person, type Scheme, type Stage, worsen } from "./stage.ts"

export interface Moment {
  /** Since both pressed. */
  readonly atMs: number
  /** A PNG of each one's box, as base64. */
  readonly boxes: readonly [string, string]
}

export interface Take {
  readonly moments: ReadonlyArray<Moment>
  readonly convergedMs: number
  /** Of one box, in pixels. */
  readonly width: number
  readonly height: number
  /** Whether the offers crossed, and something was lost or came twice on each side. */
  readonly isTelling: boolean
}

export const scale = 1.5
const size = { width: 440, height: 564 } as const
const limitMs = 15_000
const restMs = 900
/** No closer than a film of ten pictures a second, twice as slow. */
const leastMs = 90

/** Of the box what moves: the diagram with its last step, and the messages. */
const style = `
  .box { position: fixed !important; inset: 0 !important; height: auto !important; border: 0 !important; border-radius: 0 !important; animation: none !important }
  .box > header, .panel summary, .panel:nth-of-type(n + 3), .panel-body > :not(.diagram, ol[aria-label="Signaling messages"], .empty) { display: none !important }
  .panel { border: 0 }
  .panel:first-of-type .panel-body { padding-top: 8px; padding-bottom: 12px }
  .panel:first-of-type .empty { display: none }
  .box .log, .box .panel + .panel .empty { height: 152px }
  .box .last-step { min-height: 3.1em; max-height: 3.1em; overflow: hidden }`

const prepare = async (one: Person): Promise<void> => {
  await worsen(one)
  // Two who encode video on a small machine leave no time to look on.
  await one.page.getByRole("button", { name: "Switch the camera off" }).click()
  await one.page.getByLabel("Which messages").selectOption({ label: "Offers and answers" })
  // Into the page's own style sheet: its policy lets no other in.
  await one.page.evaluate((text) => {
    const [sheet] = document.styleSheets
    if (sheet === undefined) throw new Error("The page has no style sheet.")
    for (const rule of text.trim().split(/\n\s*/)) sheet.insertRule(rule, sheet.cssRules.length)
  }, style)
  await look(one, { ...size, scale })
}

/** As one: no click waits for the other's page. */
const pressCall = ({ page }: Person, whom: string): Promise<void> =>
  page.getByRole("button", { name: `Call ${whom}` }).evaluate((button) => (button as HTMLButtonElement).click())

const shoot = async ({ devtools }: Person): Promise<string> =>
  (await devtools.send("Page.captureScreenshot", { format: "png", optimizeForSpeed: true })).data

/** What the log says of the texts so far. */
const fates = ({ page }: Person): Promise<string> => page.getByRole("list", { name: "Signaling messages" }).innerText()

export const take = async ({ meet }: Stage, scheme: Scheme): Promise<Take> => {
  const [alice, bob] = await meet(scheme, { width: 1180, height: 800, scale })
  const both = [alice, bob] as const
  await Promise.all(both.map(prepare))
  const boxes = async () => Promise.all([shoot(alice), shoot(bob)])
  const moments: Array<Moment> = [{ atMs: 0, boxes: await boxes() }]
  const sinceMs = performance.now()
  await Promise.all([pressCall(alice, "Bob"), pressCall(bob, "Alice")])
  let endMs = sinceMs + limitMs
  let convergedMs = Infinity
  const converged = Promise.all(both.map((one) => isIn(one, "Connected"))).then(() => {
    convergedMs = performance.now() - sinceMs
    endMs = performance.now() + restMs
  })
  while (performance.now() < endMs) {
    const atMs = performance.now() - sinceMs
    moments.push({ atMs, boxes: await boxes() })
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, sinceMs + atMs + leastMs - performance.now())))
  }
  await converged
  const told = await Promise.all(both.map(fates))
  const crossed = (await alice.page.getByText(/Both called\./).count()) > 0
  return {
    moments,
    convergedMs,
    width: size.width * scale,
    height: size.height * scale,
    isTelling: crossed && told.every((text) => /lost/.test(text) || /duplicate/.test(text))
  }
}
