/** `npm test`: every package's suite through turbo, and one closing line for all. `npm test -- --force` reruns cached ones. */
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { brokers } from "./brokers.ts"
import { browsers } from "./browsers.ts"
import { conformancePage } from "./conformanceMatrix.ts"
import { readResults } from "./conformanceResults.ts"
import { installMissing } from "./installMissing.ts"
import { ensureMediasoupWorker } from "./mediasoup-worker/install.ts"
import { add, countReport, noTests, summary, type TestCounts } from "./testCounts.ts"
import { members, root } from "./workspace.ts"

const tested = members.filter(({ manifest }) => manifest.scripts?.["test"] !== undefined)
const reportsOf = (folder: string) => join(root, folder, ".vitest")

installMissing([...browsers, ...brokers])
await ensureMediasoupWorker().catch((error: unknown) => {
  console.error(`mediasoup-worker: ${error instanceof Error ? error.message : String(error)}\nThe tests that start it fail; the others run.`)
})

// A report that is there afterwards is of this run: made by it, or restored by turbo for exactly these files.
for (const { folder } of tested) rmSync(reportsOf(folder), { recursive: true, force: true })

// Suites wait for networks more than for a processor: as many as there are cores. Every suite runs, whatever
// the others say.
const flags = ["--concurrency=100%", "--continue=always", "--output-logs=new-only"]
const run = spawnSync("turbo", ["run", "test", ...flags, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"]
})

/** Does the page say what the conformance tests have just found? */
const isPageFresh = (): boolean => readFileSync(join(root, "docs/engine-conformance.md"), "utf8") === conformancePage(readResults())

const oneFailure: TestCounts = { ...noTests, failed: 1 }
let counts = noTests
for (const { folder, name } of tested) {
  try {
    counts = add(counts, countReport(readFileSync(join(reportsOf(folder), "junit/output.xml"), "utf8")))
  } catch (error) {
    console.error(`${name} has no test report: ${error instanceof Error ? error.message : String(error)}`)
    counts = add(counts, oneFailure)
  }
}
if (run.status !== 0 && counts.failed === 0) {
  console.error("A suite failed outside of its tests: see above.")
  counts = add(counts, oneFailure)
}
if (counts.failed === 0 && !isPageFresh()) {
  console.error("docs/engine-conformance.md is stale: run `npm run conformance` and commit it.")
  counts = add(counts, oneFailure)
}
console.log(summary(counts))
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
