/** The versions of Node that the packages promise to run on, fetched from the npm registry once. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { root } from "./workspace.ts"

const versions = ["22.23.3", "24.21.0", "26.10.0"]

interface Node {
  readonly version: string
  readonly executable: string
}

const executable = (version: string): string => {
  if (process.versions.node === version) return process.execPath
  const folder = join(root, "node_modules/.cache/node", version)
  const file = join(folder, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node")
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", `node@${version}`], {
      stdio: ["ignore", "ignore", "inherit"]
    })
  }
  // The file is only there when its install script has run.
  const found = execFileSync(file, ["--version"], { encoding: "utf8" }).trim()
  if (found !== `v${version}`) throw new Error(`${file} is Node ${found}, not ${version}`)
  return file
}

export const nodeVersions = (): ReadonlyArray<Node> => versions.map((version) => ({ version, executable: executable(version) }))
