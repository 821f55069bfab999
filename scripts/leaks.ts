/** `npm run leaks`: 200 calls in a row in one page of each browser, and what the page holds after them. */
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ensureBrowsers } from "./browsers.ts"
import { buildPackages } from "./buildPackages.ts"
import { root } from "./workspace.ts"

/** What the test notes of its page, as often as it looks. */
interface Held {
  readonly calls: number
  readonly ms: number
  readonly heap?: { readonly script: number; readonly native: number; readonly buffers: number }
  readonly open: number
  readonly connections: number
  readonly sessions: number
  readonly subscribers: number
  readonly tracks: number
  readonly timers: number
  readonly listeners: number
}
interface Report {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{ readonly meta?: { readonly held?: ReadonlyArray<Held> } }>
  }>
}

const calls = process.argv[2] ?? "200"
const home = join(root, "packages/engine-browser")
const report = join(home, ".vitest/conformance.json")

const bytes = (held: Held): number | undefined => held.heap && held.heap.script + held.heap.native + held.heap.buffers
const megabytes = (count: number | undefined): string => (count === undefined ? "-" : (count / 1e6).toFixed(2))

const columns: { readonly [title: string]: (held: Held) => string | number } = {
  calls: (held) => held.calls,
  seconds: ({ ms }) => (ms / 1_000).toFixed(0),
  "heap, MB": (held) => megabytes(bytes(held)),
  scripts: ({ heap }) => megabytes(heap?.script),
  "open connections": ({ open }) => open,
  "in memory": ({ connections }) => connections,
  sessions: ({ sessions }) => sessions,
  subscribers: ({ subscribers }) => subscribers,
  "live tracks": ({ tracks }) => tracks,
  timers: ({ timers }) => timers,
  listeners: ({ listeners }) => listeners
}

const table = (rows: ReadonlyArray<Held>): string => {
  const lines = [Object.keys(columns), ...rows.map((held) => Object.values(columns).map((cell) => String(cell(held))))]
  return lines.map((cells) => cells.map((cell, at) => cell.padStart(Object.keys(columns)[at]?.length ?? 0)).join("  ")).join("\n")
}

/** One bar for each look, from nothing: what is flat looks flat. */
const plot = (rows: ReadonlyArray<Held>): string => {
  const most = Math.max(...rows.map((held) => bytes(held) ?? 0))
  return rows.map((held) => `${String(held.calls).padStart(5)} ${"█".repeat(Math.round((60 * (bytes(held) ?? 0)) / most))} ${megabytes(bytes(held))} MB`).join("\n")
}

ensureBrowsers()
buildPackages()
for (const browser of ["chromium", "firefox"]) {
  rmSync(report, { force: true })
  const run = spawnSync(
    join(home, "node_modules/.bin/vitest"),
    ["run", "--project", browser, "test/leaks.browser.test.ts"],
    { cwd: home, env: { ...process.env, CALLS: calls }, stdio: ["ignore", "inherit", "inherit"] }
  )
  if (run.error !== undefined) throw run.error
  process.exitCode ||= run.status ?? 1
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report
  const held = testResults.flatMap(({ assertionResults }) => assertionResults.flatMap(({ meta }) => meta?.held ?? []))
  console.log(`\n${browser}\n${table(held)}\n`)
  const [middle, last] = [held.at(Math.floor(held.length / 2) - 1), held.at(-1)]
  const [before, after] = [middle && bytes(middle), last && bytes(last)]
  if (middle === undefined || last === undefined || before === undefined || after === undefined) {
    console.log("A page of Firefox tells nobody how large its heap is: what is in memory is counted by weak references.\n")
  } else {
    console.log(`${plot(held)}\n\n${Math.round((after - before) / (last.calls - middle.calls))} bytes a call in the second half\n`)
  }
}
