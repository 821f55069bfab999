/** `npm run conformance`: checks every engine, and calls between them; prints the matrix and writes the page of it. */
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { ensureBrowsers } from "./browsers.ts"
import { buildPackages } from "./buildPackages.ts"
import { conformancePage, conformanceSummary } from "./conformanceMatrix.ts"
import { conformanceTests, readResults } from "./conformanceResults.ts"
import { ensureMediasoupWorker } from "./mediasoup-worker/install.ts"
import { root } from "./workspace.ts"

const usage = `npm run conformance               checks every engine, prints the matrix, writes docs/engine-conformance.md
npm run conformance -- werift     the tests of one file only (a part of its name); writes nothing
npm run conformance -- --check    writes nothing, and fails when the page is stale`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { check: { type: "boolean", default: false }, help: { type: "boolean", default: false } }
})
if (values.help) {
  console.log(usage)
  process.exit()
}

ensureBrowsers()
await ensureMediasoupWorker()
buildPackages()
let status = 0
for (const { filters, folder, report } of conformanceTests) {
  rmSync(join(root, report), { force: true })
  const home = join(root, folder)
  const run = spawnSync(join(home, "node_modules/.bin/vitest"), ["run", "--passWithNoTests", ...(positionals.length > 0 ? positionals : filters)], { cwd: home, stdio: ["ignore", "inherit", "inherit"] })
  if (run.error !== undefined) throw run.error
  status ||= run.status ?? 1
}
const results = readResults()
console.log(`\n${conformanceSummary(results)}`)
process.exitCode = status

if (positionals.length === 0 && status === 0) {
  const path = join(root, "docs/engine-conformance.md")
  const page = conformancePage(results)
  const isFresh = (() => {
    try {
      return readFileSync(path, "utf8") === page
    } catch {
      return false
    }
  })()
  if (!isFresh && values.check) {
    console.error("docs/engine-conformance.md is stale: run `npm run conformance` and commit it.")
    process.exitCode = 1
  } else if (!isFresh) {
    writeFileSync(path, page)
    console.log("wrote docs/engine-conformance.md")
  }
}
