/** `npm run check`: everything that CI does. Stops at the first step that fails, and shows what it said. */
import { spawn, spawnSync } from "node:child_process"
import { root } from "./workspace.ts"

interface Step {
  readonly name: string
  readonly command: ReadonlyArray<string>
}

/** Where this branch left main. A clone of one commit has no main: then only the changesets themselves are read. */
const base = ["origin/main", "main"].find((ref) =>
  spawnSync("git", ["merge-base", "HEAD", ref], { cwd: root }).status === 0
) ?? "HEAD"

const turbo = ["turbo", "run", "--output-logs=errors-only"]
const first: ReadonlyArray<Step> = [
  { name: "install, lockfile frozen", command: ["pnpm", "install", "--frozen-lockfile"] },
  // Type-aware rules read the packages' built types.
  { name: "build", command: [...turbo, "build"] }
]
/** They do not disturb each other. The longest is first, and the rest is done beside it. */
const then: ReadonlyArray<Step> = [
  { name: "packed, installed, called", command: ["node", "scripts/packTest.ts"] },
  { name: "lint and import rules", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "typecheck", command: [...turbo, "typecheck"] },
  { name: "nothing unused", command: ["knip"] },
  { name: "generated docs fresh", command: ["node", "scripts/docs.ts", "--check"] },
  { name: "sizes within budget", command: ["node", "scripts/size.ts"] },
  { name: "changesets", command: ["changeset", "status", `--since=${base}`] },
  { name: "demo", command: ["node", "scripts/demo.ts", "--exit"] }
]

const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(1).padStart(6)} s`

/** Resolves to the exit code and all that was said. */
const run = ([program = "", ...args]: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number; readonly output: string }>((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    const read = (chunk: Buffer) => {
      output += String(chunk)
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.on("error", reject)
    child.on("close", (code) => resolve({ code: code ?? 1, output }))
  })

const start = performance.now()
const check = async ({ command, name }: Step) => {
  const since = performance.now()
  const { code, output } = await run(command)
  console.log(`${code === 0 ? "✓" : "✗"} ${name.padEnd(28)} ${seconds(since)}`)
  if (code === 0) return
  console.error(`\n$ ${command.join(" ")}\n${output.trim()}`)
  process.exit(1)
}
for (const step of first) await check(step)
const waiting = [...then]
/** Takes what waits, one after another. */
const work = async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await check(step)
}
await Promise.all([work(), work()])
console.log(`✓ ${"all but the tests".padEnd(28)} ${seconds(start)}\n`)
// The tests are last, so that their counts are.
process.exitCode = spawnSync("node", ["scripts/test.ts"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status ?? 1
