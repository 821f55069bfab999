/** Puts the results of `npm run simulate` into tables, and tells how to replay what failed. */
import { execFileSync } from "node:child_process"
import type { BatchResult } from "./simulateCells.ts"
import { root } from "./workspace.ts"

/** The rows and columns of a table, by their names. */
export interface ReportedTable {
  readonly name: string
  readonly rows: ReadonlyArray<string>
  readonly columns: ReadonlyArray<string>
}

/** One cell of a table. */
interface Cell {
  readonly row: string
  readonly column: string
  readonly seeds: number
  readonly converged: number
  readonly engineErrors: number
  /** Virtual milliseconds to converge, of the seeds that came to rest. */
  readonly medianMs?: number
  readonly p95Ms?: number
  readonly failures: BatchResult["failures"]
}

const cellOf = (row: string, column: string, results: ReadonlyArray<BatchResult>): Cell => {
  const own = results.filter((result) => result.row === row && result.column === column)
  const sum = (of: (result: BatchResult) => number) => own.reduce((total, result) => total + of(result), 0)
  const times = own.flatMap(({ timesMs }) => timesMs).toSorted((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]
  const [medianMs, p95Ms] = [at(0.5), at(0.95)]
  return {
    row,
    column,
    seeds: sum(({ count }) => count),
    converged: sum(({ converged }) => converged),
    engineErrors: sum((result) => result.engineErrors),
    ...(medianMs === undefined || p95Ms === undefined ? {} : { medianMs, p95Ms }),
    failures: own.flatMap(({ failures }) => failures).toSorted((a, b) => a.seed - b.seed)
  }
}

const commit = (): string => {
  const git = (...args: ReadonlyArray<string>) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()
  try {
    return git("rev-parse", "--short=12", "HEAD") + (git("status", "--porcelain") === "" ? "" : ", with changes")
  } catch {
    return "unknown"
  }
}

const inTime = (ms: number | undefined) => (ms === undefined ? "–" : ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`)

const printTable = ({ columns, name, rows }: ReportedTable, all: ReadonlyArray<Cell>) => {
  const cells = all.filter(({ column }) => columns.includes(column))
  const texts = [
    [name, ...columns],
    ...rows.flatMap((row) => {
      const own = cells.filter((cell) => cell.row === row)
      return [
        [row, ...own.map(({ converged, seeds }) => `${converged} of ${seeds}`)],
        ["  median, 95th percentile", ...own.map(({ medianMs, p95Ms }) => `${inTime(medianMs)}, ${inTime(p95Ms)}`)],
        ...(own.some(({ engineErrors }) => engineErrors > 0) ? [["  engine errors", ...own.map((cell) => String(cell.engineErrors))]] : [])
      ]
    })
  ]
  const widths = ["", ...columns].map((_, i) => Math.max(...texts.map((line) => line[i]?.length ?? 0)))
  for (const line of texts) console.log(line.map((text, i) => text.padEnd(widths[i] ?? 0)).join("   ").trimEnd())
}

/** Prints the results, as tables or as JSON. Were all of them as they should be? */
export const report = (
  tables: ReadonlyArray<ReportedTable>,
  results: ReadonlyArray<BatchResult>,
  seconds: number,
  asJson: boolean
): boolean => {
  const cells = tables.flatMap(({ columns, rows }) => rows.flatMap((row) => columns.map((column) => cellOf(row, column, results))))
  const total = (of: (cell: Cell) => number) => cells.reduce((sum, cell) => sum + of(cell), 0)
  const runs = total(({ seeds }) => seeds)
  const violations = total(({ failures }) => failures.length)
  const engineErrors = total((cell) => cell.engineErrors)
  const isGood = runs > 0 && violations === 0 && engineErrors === 0
  if (asJson) {
    console.log(JSON.stringify({ commit: commit(), seconds, runs, violations, engineErrors, cells }))
    return isGood
  }
  for (const [i, table] of tables.entries()) {
    if (i > 0) console.log()
    printTable(table, cells)
  }
  for (const { column, failures, row } of cells) {
    const [first] = failures
    if (first === undefined) continue
    console.log(`\n✗ ${row}, ${column}: ${failures.length} failed, the first with seed ${first.seed}: ${first.invariant}: ${first.found}`)
    console.log(`  npm run simulate -- --seed ${first.seed} --row "${row}" --column "${column}"`)
  }
  console.log(
    `\n${runs - violations} of ${runs} converged, ${violations} violations, ${engineErrors} engine errors; ` +
      `${seconds.toFixed(1)} s, ${Math.round((runs / seconds) * 60)} runs a minute; commit ${commit()}`
  )
  return isGood
}
