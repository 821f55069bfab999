/** Builds the page as it is served, once before its tests. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

// In a process of its own: in this one all would be built for tests.
export default async (): Promise<void> => {
  await promisify(execFile)("vite", ["build"], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, NODE_ENV: "production" }
  })
}
