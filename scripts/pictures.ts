/** `npm run pictures`: builds the demo and its page, and makes the README's pictures of it anew. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { ensureBrowsers } from "./browsers.ts"
import { root } from "./workspace.ts"

ensureBrowsers()
const steps = [
  ["turbo", "run", "build", "build:page", "--filter=@enigma-rtc/demo...", "--output-logs=errors-only"],
  ["node", join(root, "apps/demo/pictures/main.ts")]
] as const
for (const [program, ...args] of steps) {
  const { error, status } = spawnSync(program, args, { cwd: root, stdio: "inherit" })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}
