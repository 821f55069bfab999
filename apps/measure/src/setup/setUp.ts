/** Sets one call up and tells how long it took. The same code in a page and in Node. */
import type { Stack } from "../stacks/Stack.ts"
import { byHand } from "./byHand.ts"
import type { Contestant } from "./Contestant.ts"
import { ours } from "./ours.ts"
import { type Mark, readTimeline, startTimeline, watchCalls } from "./Timeline.ts"

export interface SetUp {
  readonly ms: number
  readonly marks: ReadonlyArray<Mark>
}

const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))

const longestMs = 15_000

const time = async (call: () => Promise<unknown>): Promise<SetUp> => {
  startTimeline()
  const isThere = await Promise.race([call().then(() => true), sleep(longestMs).then(() => false)])
  const taken = readTimeline()
  if (!isThere) throw new Error(`Not connected after ${longestMs} ms: ${taken.marks.map(({ name }) => name).join(", ")}`)
  return taken
}

/** Gives what sets up one call, and then waits until what it left behind is done with. */
export const setUps = (stack: Stack, others: Readonly<Record<string, Contestant>> = {}) => {
  watchCalls(stack)
  const contestants: Readonly<Record<string, Contestant>> = { "by hand": byHand, ours, ...others }
  return async (who: string): Promise<SetUp> => {
    const contestant = contestants[who]
    if (contestant === undefined) throw new Error(`Nobody here is called ${who}.`)
    const ready = await contestant(stack)
    const taken = await time(ready.call)
    await ready.close()
    await sleep(20)
    return taken
  }
}
