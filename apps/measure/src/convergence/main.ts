/** `npm run convergence`: plays the trials, prints a line a cell, and writes the page and the plot of a whole run. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus, release, type } from "node:os"
import { parseArgs } from "node:util"
import { type StackName, stackNames } from "../stacks/Host.ts"
import { columns, rows } from "./cells.ts"
import { convergencePage, type Machine } from "./convergencePage.ts"
import { convergencePlot } from "./convergencePlot.ts"
import { measureStack } from "./measureStack.ts"
import { isKept, isWhole, type StackOutcome } from "./outcomes.ts"
import { cellLine, faultsOfOurs, header, summary } from "./report.ts"

const usage = `npm run convergence -- [--trials 100] [--seed 1] [--stack chromium] [--row "in order"] [--column "one side calls"]
    --stack, --row and --column may be given more than once. A run of every row and column keeps what it has measured of
    its stacks, unless it was more the last time; once all have been, docs/convergence.md and docs/convergence.svg are written.
npm run convergence -- --rewrite
    writes both anew, from what was measured last`

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    stack: { type: "string", multiple: true, default: [...stackNames] },
    row: { type: "string", multiple: true, default: rows.map(({ name }) => name) },
    column: { type: "string", multiple: true, default: [...columns] },
    rewrite: { type: "boolean", default: false },
    help: { type: "boolean", default: false }
  }
})
const stop = (code: number, text: string): never => {
  console.error(text)
  process.exit(code)
}
if (values.help) stop(0, usage)

const whole = (name: string, text: string, least: number): number => {
  const n = Number(text)
  return Number.isSafeInteger(n) && n >= least ? n : stop(2, `--${name} is a whole number from ${least}, not ${text}.\n\n${usage}`)
}
const chosen = <A extends string>(name: string, given: ReadonlyArray<string>, all: ReadonlyArray<A>): ReadonlyArray<A> => {
  const unknown = given.find((one) => !all.some((known) => known === one))
  if (unknown !== undefined) return stop(2, `--${name} is one of: ${all.join("; ")}\n\n${usage}`)
  return all.filter((one) => given.includes(one))
}

const docs = new URL("../../../../docs/", import.meta.url)
const kept = new URL("../../results/convergence.json", import.meta.url)

interface Kept {
  readonly machine: Machine
  readonly stacks: { readonly [S in StackName]?: StackOutcome }
}

const readKept = (): Kept["stacks"] => {
  try {
    return (JSON.parse(readFileSync(kept, "utf8")) as Kept).stacks
  } catch {
    return {}
  }
}
const machine: Machine = { processor: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, system: `${type()} ${release().split("-")[0]}` }

const write = () => {
  const stacks = readKept()
  const all = stackNames.flatMap((name) => stacks[name] ?? [])
  if (all.length < stackNames.length) {
    console.log(`\nNothing is written yet: of ${stackNames.length} stacks ${all.length} are measured.`)
    return
  }
  writeFileSync(new URL("convergence.md", docs), convergencePage(all, machine))
  writeFileSync(new URL("convergence.svg", docs), convergencePlot(all))
  console.log("\nwrote docs/convergence.md and docs/convergence.svg")
}

if (values.rewrite) {
  write()
  process.exit()
}

const run = {
  trials: whole("trials", values.trials, 1),
  seed: whole("seed", values.seed, 0),
  rows: chosen("row", values.row, rows.map(({ name }) => name)),
  columns: chosen("column", values.column, columns)
}
const show = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}
console.log(`seed ${run.seed}, ${run.trials} trials a cell and contestant`)
for (const name of chosen("stack", values.stack, stackNames)) {
  const stack = await measureStack(name, run, {
    onStack: (title) => console.log(header(title)),
    onTrial: (cell) => show(cellLine(cell)),
    onCell: (cell) => {
      show("")
      console.log(cellLine(cell))
    }
  })
  console.log(summary(stack))
  const faults = faultsOfOurs(stack)
  if (faults !== "") console.log(faults)
  if (!isKept(stack)) process.exitCode = 1
  if (!isWhole(stack) || (readKept()[name]?.trials ?? 0) > stack.trials) continue
  mkdirSync(new URL(".", kept), { recursive: true })
  const keep: Kept = { machine, stacks: { ...readKept(), [name]: stack } }
  writeFileSync(kept, `${JSON.stringify(keep)}\n`)
}
if (run.rows.length === rows.length && run.columns.length === columns.length) write()
