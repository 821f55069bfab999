/** `npm run demo`: builds what the demo needs, quietly, and then becomes the demo. */
import { spawn } from "node:child_process"
import { ensureMediasoupWorker } from "./mediasoup-worker/install.ts"

/** A proof alone needs no page, and no SFU. */
const isShort = process.argv.some((arg) => arg === "--exit" || arg === "--help")
const tasks = isShort ? ["build"] : ["build", "build:page"]
/** Several relays have no SFU. */
const hasSfu = !isShort && !process.argv.includes("--no-sfu") && !process.env["RELAY_URL"]

/** Resolves to the output of a failed build, and to nothing when all is built. */
const build = (): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const turbo = spawn("turbo", ["run", ...tasks, "--filter=@enigma-rtc/demo...", "--output-logs=new-only"], {
      stdio: ["ignore", "pipe", "pipe"]
    })
    let output = ""
    let told = false
    const read = (chunk: Buffer) => {
      output += String(chunk)
      if (told || !output.includes("cache miss, executing")) return
      told = true
      console.error("Building the packages…")
    }
    turbo.stdout.on("data", read)
    turbo.stderr.on("data", read)
    turbo.on("error", reject)
    turbo.on("close", (code) => resolve(code === 0 ? undefined : output))
  })

const failure = await build()
if (failure !== undefined) {
  console.error(failure)
  process.exit(1)
}

if (hasSfu) {
  try {
    await ensureMediasoupWorker({ hint: "the demo's SFU needs it; to start at once without one: Ctrl+C, then `npm run demo -- --no-sfu`" })
  } catch (error) {
    console.error(`mediasoup-worker: ${error instanceof Error ? error.message : String(error)}\nThe demo goes on without an SFU: all calls go from peer to peer.\n`)
    process.argv.push("--no-sfu")
  }
}

// The demo runs in this process: it has the user's arguments, terminal, signals and exit code. One Ctrl+C can arrive
// several times (from the terminal, and from each of npm, npx and pnpm, who pass it on), and the demo takes the first.
// Repeats within a second are the same key; a later one means it.
let firstAt = 0
process.on("SIGINT", () => {
  firstAt ||= Date.now()
  if (Date.now() - firstAt > 1_000) process.exit(130)
})
await import(new URL("../apps/demo/src/main.ts", import.meta.url).href)
