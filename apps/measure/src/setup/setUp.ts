/** Sets one call up and tells how long it took. The same code in a page and in Node. */
import type { Stack } from "../stacks/Stack.ts"
import { callByHand } from "./byHand.ts"
import { openLines } from "./ours.ts"
import { type Mark, readTimeline, startTimeline, watchCalls } from "./Timeline.ts"

export interface SetUp {
  readonly ms: number
  readonly marks: ReadonlyArray<Mark>
}

/** Another way to call, that only some stacks have. */
export type OtherCall = (stack: Stack) => Promise<() => Promise<void>>

const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))

const longestMs = 15_000

const time = async (call: () => Promise<unknown>): Promise<SetUp> => {
  startTimeline()
  const isThere = await Promise.race([call().then(() => true), sleep(longestMs).then(() => false)])
  const taken = readTimeline()
  if (!isThere) throw new Error(`Not connected after ${longestMs} ms: ${taken.marks.map(({ name }) => name).join(", ")}`)
  return taken
}

const once = async (stack: Stack, who: string, others: Readonly<Record<string, OtherCall>>): Promise<SetUp> => {
  if (who === "ours") {
    const lines = await openLines(stack)
    const taken = await time(lines.call)
    await lines.close()
    return taken
  }
  let close = async () => {}
  const other = who === "by hand" ? callByHand : others[who]
  if (other === undefined) throw new Error(`Nobody here is called ${who}.`)
  const taken = await time(async () => {
    close = await other(stack)
  })
  await close()
  return taken
}

/** Gives what sets up one call, and then waits until what it left behind is done with. */
export const setUps = (stack: Stack, others: Readonly<Record<string, OtherCall>> = {}) => {
  watchCalls(stack)
  return async (who: string): Promise<SetUp> => {
    const taken = await once(stack, who, others)
    await sleep(20)
    return taken
  }
}
