/** `npm run size`: what the packages cost the page that imports them, minified and gzipped, against the budgets. */
import { join, relative } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { buildPackages } from "./buildPackages.ts"
import { root } from "./workspace.ts"

interface Measure {
  readonly title: string
  readonly code: string
  /** What the page has anyway, and is not counted. */
  readonly external?: ReadonlyArray<string>
  /** In bytes. `npm run size` fails above it. */
  readonly budget?: number
  /** What else is aimed at. */
  readonly note?: string
}

const kib = (n: number) => n * 1024
const effect = ["effect/*"]
const pure = `export * from "@enigma-rtc/core/call"; export * from "@enigma-rtc/core/signaling"`

const measures: ReadonlyArray<Measure> = [
  { title: "/call + /signaling, own code", code: pure, external: effect, budget: kib(12), note: "aim: 6 KiB" },
  { title: "/delivery, own code", code: `export * from "@enigma-rtc/core/delivery"`, external: effect },
  { title: "/trace, own code", code: `export * from "@enigma-rtc/core/trace"`, external: effect },
  { title: "/call + /signaling, everything", code: pure, note: "aim: 6 KiB" },
  {
    title: "step, idle, encode and decode",
    code: `export { step, idle } from "@enigma-rtc/core/call"
           export { decodeSignaling, encodeSignaling } from "@enigma-rtc/core/signaling"`
  },
  { title: "the same, own code", external: effect, code: `export { step, idle } from "@enigma-rtc/core/call"
           export { decodeSignaling, encodeSignaling } from "@enigma-rtc/core/signaling"` },
  { title: "core, own code", code: `export * from "@enigma-rtc/core"`, external: effect },
  { title: "core, everything", code: `export * from "@enigma-rtc/core"` },
  {
    title: "core + promise, everything",
    code: `export * from "@enigma-rtc/core"; export * from "@enigma-rtc/core/promise"`,
    note: "aim: 23 KiB, engine-browser included"
  },
  {
    title: "promise façade: openLine",
    code: `export { openLine } from "@enigma-rtc/core/promise"`
  },
  {
    title: "core + engine-werift, own code",
    code: `export * from "@enigma-rtc/core"; export * from "@enigma-rtc/engine-werift"`,
    external: [...effect, "werift"]
  }
]

const gzip = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).length

/** `packages/core/src/call` and the like for our rooms, `effect/Schema` for Effect's modules. */
const groupOf = (file: string): string => {
  const path = relative(root, join(root, "scripts", file))
  const [, module] = /node_modules\/effect\/dist\/(.*)\.js$/.exec(path) ?? []
  if (module !== undefined) return `effect/${module}`
  const [, name, inside = ""] = /packages\/([^/]+)\/dist\/(.*)\.js$/.exec(path) ?? []
  return name === undefined ? path : `${name}/${inside}`
}

const measure = async ({ code, external = [] }: Measure) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(root, "scripts"), sourcefile: "entry.js" },
    absWorkingDir: join(root, "scripts"),
    bundle: true,
    external: ["node:*", ...external],
    format: "esm",
    legalComments: "none",
    metafile: true,
    minify: true,
    target: "es2023",
    treeShaking: true,
    write: false
  })
  const [output] = Object.values(metafile.outputs)
  const groups = new Map<string, number>()
  for (const [file, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const group = groupOf(file)
    groups.set(group, (groups.get(group) ?? 0) + bytesInOutput)
  }
  const bytes = outputFiles[0]?.contents ?? new Uint8Array()
  return { minified: bytes.length, gzipped: gzip(bytes), groups }
}

const inKib = (bytes: number) => `${(bytes / 1024).toFixed(2)} KiB`

/** A module's part of the gzipped size, by its share of the minified code. */
const breakdown = (title: string, gzipped: number, groups: ReadonlyMap<string, number>) => {
  const minified = [...groups.values()].reduce((a, b) => a + b, 0)
  const parts = [...groups].map(([name, size]) => ({ name, size: (size / minified) * gzipped })).toSorted((a, b) => b.size - a.size)
  const effects = parts.filter(({ name }) => name.startsWith("effect/")).reduce((sum, { size }) => sum + size, 0)
  const top = parts.slice(0, 12)
  const rest = parts.slice(12)
  const shown = rest.length === 0
    ? top
    : [...top, { name: `${rest.length} more`, size: rest.reduce((sum, { size }) => sum + size, 0) }]
  console.log(`\n${title}: ${inKib(gzipped - effects)} ours, ${inKib(effects)} effect`)
  for (const { name, size } of shown) {
    const bar = "█".repeat(Math.max(1, Math.round((size / gzipped) * 60)))
    console.log(`  ${name.padEnd(36)} ${inKib(size).padStart(10)}  ${bar}`)
  }
}

buildPackages()
const results = []
for (const one of measures) results.push({ ...one, ...(await measure(one)) })

const width = Math.max(...measures.map(({ title }) => title.length))
console.log(`${"".padEnd(width)}    minified     + gzip     budget`)
for (const { budget, gzipped, minified, note, title } of results) {
  const verdict = [
    budget === undefined ? "" : `${inKib(budget)} ${gzipped <= budget ? "✓" : "✗ too big"}`,
    note === undefined ? "" : `(${note})`
  ].join(" ").trim()
  console.log(`${title.padEnd(width)}  ${inKib(minified).padStart(10)} ${inKib(gzipped).padStart(10)}   ${verdict}`.trimEnd())
  if (budget !== undefined && gzipped > budget) process.exitCode = 1
}
for (const { gzipped, groups, title } of results) {
  if (/^\/call|^core \+/.test(title)) breakdown(title, gzipped, groups)
}
