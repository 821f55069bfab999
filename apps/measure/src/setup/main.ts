/** `npm run setup-time`: how long a call takes to connect, ours against the same by hand, in turns, on each stack. */
import { parseArgs } from "node:util"
import { seededRandom } from "@enigma-rtc/testing"
import { quantile } from "../convergence/outcomes.ts"
import { type StackName, stackNames } from "../stacks/Host.ts"
import { openStack } from "../stacks/openStack.ts"
import { medianOf, ratioOf, stepsOf } from "./figures.ts"
import type { SetUp } from "./setUp.ts"

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "100" },
    stack: { type: "string", multiple: true, default: [...stackNames] },
    steps: { type: "boolean", default: false },
    help: { type: "boolean", default: false }
  }
})
if (values.help) {
  console.log(`npm run setup-time -- [--pairs 100] [--stack chromium] [--steps]    --steps tells when each call on a connection was made`)
  process.exit()
}

/** The most that ours may take, as a multiple of the same by hand. */
const budget = 1.05
const warmUps = 5
/** Chromium lets a page have 500 connections, closed ones that it has not collected yet included. */
const pairsPerPage = 50

const page = new URL("browserPage.ts", import.meta.url)
const child = new URL("weriftProcess.ts", import.meta.url)
const rivals: { readonly [S in StackName]?: ReadonlyArray<string> } = { chromium: ["simple-peer"], firefox: ["simple-peer"] }

const inMs = (ms: number) => `${ms.toFixed(1)} ms`

const measure = async (name: StackName, pairs: number) => {
  const host = await openStack(name, page, child)
  const contestants = ["by hand", "ours", ...rivals[name] ?? []]
  const taken = new Map<string, Array<SetUp>>(contestants.map((who) => [who, []]))
  try {
    for (let i = 0; i < pairs; i++) {
      const isNew = i % pairsPerPage === 0
      if (isNew) await host.renew()
      for (let round = isNew ? -warmUps : 0; round <= 0; round++) {
        for (const who of (i + round) % 2 === 0 ? contestants : contestants.toReversed()) {
          const one = await host.ask<SetUp>("setUp", who)
          if (round === 0) taken.get(who)?.push(one)
          if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${host.title}: ${i + 1} of ${pairs}, ${who} ${inMs(one.ms)}`)
        }
      }
    }
  } finally {
    await host.close()
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K")
  return { title: host.title, taken }
}

const report = ({ taken, title }: Awaited<ReturnType<typeof measure>>) => {
  const times = (who: string) => (taken.get(who) ?? []).map(({ ms }) => ms)
  console.log(`\n${title.padEnd(24)}  median     95 %   against by hand`)
  for (const who of taken.keys()) {
    const mine = times(who)
    const { from, ratio, to } = ratioOf(mine, times("by hand"), seededRandom(1))
    const isOver = who === "ours" && ratio > budget
    if (isOver) process.exitCode = 1
    const verdict = who === "ours" ? `   budget ${budget} x ${isOver ? "✗ slower" : "✓"}` : ""
    const against = who === "by hand" ? "" : `${ratio.toFixed(2)} x (${from.toFixed(2)} to ${to.toFixed(2)})`
    console.log(`  ${who.padEnd(20)} ${inMs(medianOf(mine)).padStart(9)} ${inMs(quantile(mine, 0.95) ?? 0).padStart(9)}   ${against}${verdict}`)
  }
  if (!values.steps) return
  for (const [who, all] of taken) {
    console.log(`\n  ${who}: each first call on a connection, from the start`)
    for (const { beganMs, name, tookMs } of stepsOf(all)) {
      console.log(`    ${inMs(beganMs).padStart(9)}  ${name.padEnd(24)} took ${inMs(tookMs)}`)
    }
  }
}

const pairs = Number(values.pairs)
if (!Number.isSafeInteger(pairs) || pairs < 1) throw new RangeError(`--pairs is a whole number from 1, not ${values.pairs}.`)
for (const name of stackNames.filter((one) => values.stack.includes(one))) report(await measure(name, pairs))
