/** `npm run check`: everything that CI does. Begins no further step once one has failed, and shows what that said. */
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
/** Resolves to whether it went well. */
const check = async ({ command, name }: Step) => {
  const since = performance.now()
  const { code, output } = await run(command)
  console.log(`${code === 0 ? "✓" : "✗"} ${name.padEnd(28)} ${seconds(since)}`)
  if (code !== 0) console.error(`\n$ ${command.join(" ")}\n${output.trim()}`)
  return code === 0
}
/** Takes what waits, one after another, until something fails. Resolves to whether nothing did. */
const work = async (waiting: Array<Step>): Promise<boolean> => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    if (await check(step)) continue
    // What runs beside it is not cut off: it has folders to remove.
    waiting.length = 0
    return false
  }
  return true
}
const waiting = [...then]
const isWell = await work([...first]) && (await Promise.all([work(waiting), work(waiting)])).every((well) => well)
if (!isWell) process.exit(1)
console.log(`✓ ${"all but the tests".padEnd(28)} ${seconds(start)}\n`)
// The tests are last, so that their counts are.
process.exitCode = spawnSync("node", ["scripts/test.ts"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status ?? 1
