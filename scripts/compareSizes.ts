/** `npm run compare-sizes`: builds the packages, and then weighs ours and what else there is, by three bundlers. */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { buildPackages } from "./buildPackages.ts"
import { root } from "./workspace.ts"

const built = "--built"
const given = process.argv.slice(2)
// While packages are being worked on, what is built already can be measured as it is.
if (!given.includes(built)) buildPackages()

const child = spawn(
  process.execPath,
  [join(root, "apps/measure/src/sizes/main.ts"), ...given.filter((one) => one !== built)],
  { stdio: "inherit" }
)
child.on("exit", (code) => {
  process.exitCode = code ?? 1
})
