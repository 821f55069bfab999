/** Starts a relay in a process of its own, for tests that kill it as a crash would. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"
import { until } from "./until.ts"

const file = fileURLToPath(new URL("relayProcess.ts", import.meta.url))

export const startRelayProcess = async ({ broker = "", port = 0 }: { readonly broker?: string; readonly port?: number } = {}) => {
  const env = { ...process.env, RELAY_URL: broker, RELAY_PORT: String(port) }
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"], env })
  onTestFinished(() => void child.kill("SIGKILL"))
  let output = ""
  child.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()))
  const gone = new Promise((resolve) => child.once("close", resolve))
  const said = Number(await until(() => output, (so) => so.includes("\n"), 20_000))
  return {
    port: said,
    url: `ws://127.0.0.1:${said}/relay`,
    kill: async () => {
      child.kill("SIGKILL")
      await gone
    }
  }
}
