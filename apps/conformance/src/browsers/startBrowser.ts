/** Starts a browser whose page serves its engine, as one thing that is closed as one. */
import type { TextTransport } from "../remote/TextTransport.ts"
import { type BrowserName, openBrowser } from "./openBrowser.ts"
import { servePage } from "./servePage.ts"

export interface StartedBrowser {
  /** Leads to the page's engine. */
  readonly transport: TextTransport
  /** Ends the browser and its page's server. */
  readonly close: () => Promise<void>
}

/** A page with a script of its own. */
export interface PageOptions {
  /** The script's file. */
  readonly script?: string
  /** What the script finds in `location.hash`. */
  readonly hash?: string
}

/** How long a page may take to open its socket, its browser's start included: two seconds, and far longer beside other work. */
const socketMs = 45_000

/** Leaves nothing open when it fails. */
export const startBrowser = async (name: BrowserName, { hash = "", script }: PageOptions = {}): Promise<StartedBrowser> => {
  const closing: Array<() => Promise<void>> = []
  const close = async () => {
    const ends = await Promise.allSettled(closing.splice(0).map((end) => end()))
    for (const end of ends) if (end.status === "rejected") throw end.reason
  }
  let timer: NodeJS.Timeout | undefined
  try {
    const served = await servePage(script)
    closing.push(served.close)
    const trouble = Promise.withResolvers<never>()
    // After the start nobody waits for it: the page's end of the transport tells.
    trouble.promise.catch(() => {})
    const fail = (words: string) => trouble.reject(new Error(`The page in ${name}: ${words}`))
    timer = setTimeout(() => fail(`no socket within ${socketMs} ms`), socketMs)
    const page = await openBrowser(name, fail)
    closing.push(page.close)
    await page.goto(`${served.url}${hash}`)
    return { transport: await Promise.race([served.transport, trouble.promise]), close }
  } catch (error) {
    await close()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
