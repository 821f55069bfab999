/** `npm run docs`: writes the generated docs. With `--check` it only says whether they are fresh and complete. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { root } from "./workspace.ts"
import { buildPackages } from "./buildPackages.ts"

buildPackages()
// Read after the build: the generators import what has just been built.
const { apiReference } = await import("./apiReference.ts")
const { stateMachine, withDiagram } = await import("./stateMachine.ts")
const { markdown, undocumented } = apiReference()
const check = process.argv.includes("--check")
const read = (path: string) => {
  try {
    return readFileSync(join(root, path), "utf8")
  } catch {
    return ""
  }
}
const fresh: ReadonlyArray<readonly [path: string, text: string]> = [
  ["README.md", withDiagram(read("README.md"))],
  ["docs/api.md", markdown],
  ["docs/state-machine.md", stateMachine()]
]
const showDifference = (path: string, text: string) => {
  const folder = mkdtempSync(join(tmpdir(), "enigma-rtc-docs-"))
  writeFileSync(join(folder, "fresh.md"), text)
  const { stdout } = spawnSync("diff", ["-u", join(root, path), join(folder, "fresh.md")], { encoding: "utf8" })
  console.error(stdout.split("\n").slice(2, 42).join("\n"))
  rmSync(folder, { recursive: true })
}

for (const [path, text] of fresh) {
  if (read(path) === text) continue
  if (check) {
    console.error(`${path} is stale: run \`npm run docs\` and commit it.`)
    showDifference(path, text)
    process.exitCode = 1
  } else {
    writeFileSync(join(root, path), text)
    console.log(`wrote ${path}`)
  }
}
if (undocumented.length > 0) {
  console.error(`${undocumented.length} public exports without a doc comment:\n  ${undocumented.join("\n  ")}`)
  if (check) process.exitCode = 1
}
