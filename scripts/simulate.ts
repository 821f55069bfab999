/** `npm run simulate`: calls over bad channels in virtual time, tables of how many converge, and how to replay what does not. */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { buildPackages } from "./buildPackages.ts"
import type { Batch, BatchResult } from "./simulateCells.ts"
import { report, type ReportedTable } from "./simulationReport.ts"

const usage = `npm run simulate -- [--seeds 100] [--from 1] [--row "in order"] [--column "one side calls"] [--json]
npm run simulate -- --seed 7 --row "in order" --column "one side calls"
    tells one run, and, if it fails, the smallest that fails in the same way`

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    row: { type: "string" },
    column: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false }
  }
})
if (values.help) {
  console.log(usage)
  process.exit()
}
const refuse = (why: string): never => {
  console.error(`${why}\n\n${usage}`)
  process.exit(2)
}
const whole = (name: string, text: string, min: number): number => {
  const n = Number(text)
  return Number.isSafeInteger(n) && n >= min ? n : refuse(`--${name} is a whole number from ${min}, not ${text}.`)
}
/** The names that an option leaves over. */
const chosen = (option: "row" | "column", names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const name = values[option]
  if (name === undefined) return names
  return names.includes(name) ? [name] : refuse(`--${option} is one of: ${names.join("; ")}`)
}

buildPackages()
// Read after the build: what is simulated has just been built.
const { channels, describeRun, minimise, scenarios, simulate, simulationTables } = await import("@enigma-rtc/testing")
const { optionsOf } = await import("./simulateCells.ts")
const rows = new Set(chosen("row", channels.map(({ name }) => name)))
const columns = new Set(chosen("column", scenarios.map(({ name }) => name)))
const namesIn = (all: ReadonlyArray<{ readonly name: string }>, some: ReadonlySet<string>) =>
  all.flatMap(({ name }) => (some.has(name) ? [name] : []))
/** What is left of the tables. */
const tables: ReadonlyArray<ReportedTable> = simulationTables
  .map((table) => ({ name: table.name, rows: namesIn(table.channels, rows), columns: namesIn(table.scenarios, columns) }))
  .filter((table) => table.rows.length > 0 && table.columns.length > 0)
const cells = tables.flatMap((table) => table.rows.flatMap((row) => table.columns.map((column) => ({ row, column }))))

/** Tells one seed of the chosen cells. Was nothing wrong? */
const replay = async (seed: number): Promise<boolean> => {
  let isGood = true
  for (const { column, row } of cells) {
    const options = optionsOf(seed, row, column)
    const run = await simulate(options)
    const smallest = await minimise(options, run)
    if (values.json) console.log(JSON.stringify({ run, smallest }))
    else console.log(describeRun(run))
    if (run.violation === undefined) continue
    isGood = false
    if (!values.json) console.log(`\nThe smallest run that breaks the same invariant:\n${describeRun(smallest)}`)
  }
  return isGood
}

/** So many seeds at a time: enough to make the message worth it, few enough to share the work evenly. */
const batchSize = 25
const children = 2

const runAll = async (first: number, count: number): Promise<ReadonlyArray<BatchResult>> => {
  const batches: Array<Batch> = []
  for (let from = first; from < first + count; from += batchSize) {
    for (const cell of cells) batches.push({ ...cell, from, count: Math.min(batchSize, first + count - from) })
  }
  const all = batches.length
  const results: Array<BatchResult> = []
  let failed = 0
  const show = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
  }
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(fileURLToPath(new URL("simulateCells.ts", import.meta.url)))
      const next = () => {
        const batch = batches.shift()
        if (batch === undefined) child.disconnect()
        else child.send(batch)
      }
      child.on("message", (result: BatchResult) => {
        results.push(result)
        failed += result.failures.length
        show(`${cells.length} cells x ${count} seeds: ${Math.round((results.length / all) * 100)} %, ${failed} failed`)
        next()
      })
      child.on("error", reject)
      child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`A simulation ended with code ${code}.`))))
      next()
    })
  await Promise.all(Array.from({ length: children }, work))
  show("")
  return results
}

if (cells.length === 0) refuse("There is no such cell: some columns have not all rows.")
if (values.seed !== undefined) process.exitCode = await replay(whole("seed", values.seed, 0)) ? 0 : 1
else {
  const since = performance.now()
  const results = await runAll(whole("from", values.from, 0), whole("seeds", values.seeds, 1))
  process.exitCode = report(tables, results, (performance.now() - since) / 1_000, values.json) ? 0 : 1
}
