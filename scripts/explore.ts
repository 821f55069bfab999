/** `npm run explore`: searches everything that can happen within bounds, and shows that planted faults are found. */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { buildPackages } from "./buildPackages.ts"
import type { ExploreResult, ExploreTask } from "./exploreTask.ts"

const usage = `npm run explore -- [--wide] [--states 3000000] [--only "text"]
    --wide    the large spaces too, each as far as --states goes
    --only    the searches whose names have this text`

const { values } = parseArgs({
  options: {
    wide: { type: "boolean", default: false },
    states: { type: "string", default: "3000000" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false }
  }
})
const maxStates = Number(values.states)
if (values.help || !Number.isSafeInteger(maxStates) || maxStates < 1) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

buildPackages()
// Read after the build: what is searched has just been built.
const testing = await import("@enigma-rtc/testing/explore")
const tasksOf = (kind: ExploreTask["kind"], all: object): ReadonlyArray<ExploreTask> =>
  Object.keys(all)
    .filter((name) => name.includes(values.only))
    .map((name) => ({ kind, name, maxStates }))
const searches = [
  ...tasksOf("calls", testing.callSearches),
  ...tasksOf("crate", testing.crateSearches),
  ...tasksOf("delivery", testing.deliveryScenarios),
  ...(values.wide ? tasksOf("wide calls", testing.wideCallSearches) : []),
  ...(values.wide ? tasksOf("wide delivery", testing.wideDeliveryScenarios) : [])
]
const faults = [
  ...tasksOf("call fault", Object.fromEntries(testing.plantedCallFaults.map((one) => [one.name, one]))),
  ...tasksOf("delivery fault", testing.deliveryFaultScenarios)
]

const children = 2
const all = [...searches, ...faults]
const since = performance.now()
const results: Array<ExploreResult> = []
const show = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}
const queue = [...all]
const work = () =>
  new Promise<void>((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("exploreTask.ts", import.meta.url)), { execArgv: ["--max-old-space-size=6144"] })
    const next = () => {
      const task = queue.shift()
      if (task === undefined) child.disconnect()
      else child.send(task)
    }
    child.on("message", (result: ExploreResult) => {
      results.push(result)
      show(`${results.length} of ${all.length} searches`)
      next()
    })
    child.on("error", reject)
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`A search ended with code ${code}.`))))
    next()
  })
await Promise.all(Array.from({ length: children }, work))
show("")

const seconds = (ms: number) => (ms / 1_000).toFixed(1)
const count = (n: number) => n.toLocaleString("en").replaceAll(",", " ")
const resultOf = (task: ExploreTask): ExploreResult => {
  const result = results.find((one) => one.task.kind === task.kind && one.task.name === task.name)
  if (result === undefined) throw new Error(`${task.name} was not searched`)
  return result
}
const row = (cells: ReadonlyArray<string>) => cells.map((cell, i) => (i === 0 ? cell.padEnd(54) : cell.padStart(13))).join("")

let isGood = true
let states = 0
console.log(row(["search", "states", "transitions", "at rest", "violations", "seconds"]))
for (const task of searches) {
  const { explored: { complete, finals, states: seen, transitions, violations }, ms } = resultOf(task)
  states += seen
  isGood &&= violations.length === 0 && (complete || task.kind.startsWith("wide"))
  const name = `${task.kind}: ${task.name}${complete ? "" : " (not whole)"}`
  console.log(row([name, count(seen), count(transitions), count(finals), String(violations.length), seconds(ms)]))
  for (const { count: times, trace, what } of violations) console.log(`  ${what} (${times} times)\n    ${trace.join("\n    ")}`)
}
console.log(`\n${row(["planted fault", "states", "steps"])}  found as`)
for (const task of faults) {
  const { explored: { states: seen, violations: [first] } } = resultOf(task)
  isGood &&= first !== undefined
  console.log(`${row([task.name, count(seen), first === undefined ? "NOT FOUND" : String(first.trace.length)])}  ${first?.what ?? ""}`)
  if (first !== undefined) console.log(`    ${first.trace.join(", ")}`)
}
const found = faults.filter((task) => resultOf(task).explored.violations.length > 0).length
console.log(`\n${count(states)} states; ${found} of ${faults.length} planted faults found; ${seconds(performance.now() - since)} s`)
process.exitCode = isGood ? 0 : 1
