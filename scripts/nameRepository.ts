/**
 * Before a release: writes into each package where its source is, which npm's provenance demands. Known only where the
 * release runs, and not committed.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./workspace.ts"

const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = process.env
if (repository === undefined || server === undefined) {
  console.error("GITHUB_SERVER_URL and GITHUB_REPOSITORY say where the source is; releases run where they are set.")
  process.exit(1)
}
const url = `${server}/${repository}`
for (const name of readdirSync(join(root, "packages"))) {
  const file = join(root, "packages", name, "package.json")
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>
  manifest["repository"] = { type: "git", url: `git+${url}.git`, directory: `packages/${name}` }
  manifest["homepage"] = `${url}#readme`
  manifest["bugs"] = `${url}/issues`
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}
