import { seededRandom } from "@enigma-rtc/testing"
import { expect, test } from "vitest"
import { ratioOf, stepsOf } from "../src/setup/figures.ts"
import { breakdown, groupOf } from "../src/sizes/breakdown.ts"

test("the ratio of two medians lies within what pairs drawn again make of it", () => {
  const theirs = Array.from({ length: 50 }, (_, i) => 100 + (i % 7))
  const { from, ratio, to } = ratioOf(theirs.map((ms) => ms * 1.1), theirs, seededRandom(1))
  expect(ratio).toBeCloseTo(1.1)
  expect(from).toBeLessThanOrEqual(ratio)
  expect(to).toBeGreaterThanOrEqual(ratio)
})

test("a step that few set-ups had is no step of theirs", () => {
  const mark = (name: string, beganMs: number) => ({ name, beganMs, endedMs: beganMs + 2 })
  const all = [{ ms: 9, marks: [mark("b", 3), mark("a", 1)] }, { ms: 9, marks: [mark("a", 1)] }, { ms: 9, marks: [mark("a", 1)] }]
  expect(stepsOf(all)).toEqual([{ name: "a", beganMs: 1, tookMs: 2 }])
})

test.each([
  ["../../packages/core/dist/call/step.js", "core/call"],
  ["../../packages/core/dist/promise.js", "core/(root)"],
  ["../../packages/engine-browser/dist/BrowserDriver.js", "engine-browser"],
  ["../../node_modules/.pnpm/effect@4.1.0/node_modules/effect/dist/internal/effect.js", "effect/internal/effect"],
  ["temp-1/entry.js", "the entry"]
])("the bytes of %s are those of %s", (path, group) => {
  expect(groupOf(path)).toBe(group)
})

test("a group's part of the gzipped size is its share of the minified code", () => {
  const bytes = (bytesInOutput: number) => ({ bytesInOutput })
  expect(breakdown({ "packages/core/dist/call/a.js": bytes(10), "packages/core/dist/call/b.js": bytes(20), "x.js": bytes(10) }, 100))
    .toEqual([{ name: "core/call", bytes: 75 }, { name: "the entry", bytes: 25 }])
})
