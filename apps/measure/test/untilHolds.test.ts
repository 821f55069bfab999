import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { untilHolds } from "../src/convergence/untilHolds.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What is missing from when on. */
const play = async (course: ReadonlyArray<readonly [fromMs: number, lack: string | undefined]>) => {
  const sinceMs = performance.now()
  const look = () => course.findLast(([fromMs]) => performance.now() - sinceMs >= fromMs)?.[1]
  const held = untilHolds(look, { sinceMs, limitMs: 1_000, longestMs: 3_000 })
  await vi.advanceTimersByTimeAsync(4_000)
  return held
}

test("tells when it began to hold", async () => {
  expect(await play([[0, "all"], [200, undefined]])).toEqual({ afterMs: 200 })
})
test("does not take what a late message undoes", async () => {
  expect(await play([[0, "all"], [100, undefined], [150, "all"], [300, undefined]])).toEqual({ afterMs: 300 })
})
test("tells what was missing at the limit, and goes on to look", async () => {
  expect(await play([[0, "an answer"], [2_000, undefined]])).toEqual({ afterMs: 2_000, missing: "an answer" })
})
test("gives up after the longest wait", async () => {
  expect(await play([[0, "an answer"]])).toEqual({ missing: "an answer" })
})
