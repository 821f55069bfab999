/** Builds every package, quietly. For the scripts that read what is built. */
import { spawnSync } from "node:child_process"
import { root } from "./workspace.ts"

export const buildPackages = (): void => {
  const build = spawnSync("turbo", ["run", "build", "--output-logs=errors-only"], { cwd: root, encoding: "utf8" })
  if (build.status === 0) return
  console.error(build.stdout + build.stderr)
  process.exit(1)
}
