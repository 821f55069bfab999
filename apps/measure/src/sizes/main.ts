/** `npm run compare-sizes`: what a page pays for ours and for others, by three bundlers, and where ours goes. */
import { gzipSync } from "node:zlib"
import { bundlers, bundleWithEsbuild, withEntry } from "./bundlers.ts"
import { breakdown, type Part } from "./breakdown.ts"
import { budgetKib, libraries, ours } from "./libraries.ts"

const gzip = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).length
const inKib = (bytes: number) => (bytes / 1_024).toFixed(2)

const names = Object.keys(bundlers)
console.log(`${"minified + gzip, KiB".padEnd(26)}${names.map((name) => name.padStart(12)).join("")}`)
for (const { code, note, title } of libraries) {
  const sizes = await withEntry(code, async (entry, folder) => {
    const all: Array<number> = []
    for (const bundle of Object.values(bundlers)) {
      // One that a bundler cannot bundle as it is says so, and does not hold up the others.
      all.push(await bundle(entry, folder).then(gzip, (error: unknown) => {
        console.error(String(error).slice(0, 400))
        return Number.NaN
      }))
    }
    return all
  })
  const shown = sizes.map((size) => (Number.isNaN(size) ? "fails" : inKib(size)).padStart(12)).join("")
  const [byEsbuild = Number.NaN] = sizes
  const isOver = byEsbuild > budgetKib * 1_024
  const verdict = title === ours ? `${isOver ? "✗" : "✓"} budget ${budgetKib} KiB; ` : ""
  if (title === ours && isOver) process.exitCode = 1
  console.log(`${title.padEnd(26)} ${shown}   ${verdict}${note ?? ""}`.trimEnd())
}

const show = (title: string, parts: ReadonlyArray<Part>, most: number) => {
  const sum = parts.reduce((all, { bytes }) => all + bytes, 0)
  console.log(`\n${title}: ${inKib(sum)} KiB`)
  const rest = parts.slice(most)
  const last = rest.length === 0 ? [] : [{ name: `${rest.length} more`, bytes: rest.reduce((all, { bytes }) => all + bytes, 0) }]
  for (const { bytes, name } of [...parts.slice(0, most), ...last]) {
    console.log(`  ${name.padEnd(34)} ${inKib(bytes).padStart(6)}  ${"█".repeat(Math.max(1, Math.round((bytes / sum) * 50)))}`)
  }
}

const [measured] = libraries.filter(({ title }) => title === ours)
await withEntry(measured?.code ?? "", async (entry) => {
  const { metafile, outputFiles } = await bundleWithEsbuild(entry)
  const [output] = Object.values(metafile.outputs)
  const parts = breakdown(output?.inputs ?? {}, gzip(outputFiles[0]?.contents ?? new Uint8Array()))
  const isEffect = ({ name }: Part) => name.startsWith("effect/")
  show("Ours, by room", parts.filter((part) => !isEffect(part)), 20)
  show("Effect, by module", parts.filter(isEffect), 30)
})
