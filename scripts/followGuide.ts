/** Follows docs/writing-an-engine.md as a reader would: in an empty folder, with what is packed, until its suite is green. */
import { execFile } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { promisify } from "node:util"
import { programsOf } from "./docsCode.ts"
import { parseMarkdown } from "./markdown.ts"
import { root } from "./workspace.ts"

const run = promisify(execFile)
const guide = "docs/writing-an-engine.md"
const limitMs = 180_000

/** The strictest that a reader may have set. */
const compile = "npx tsc --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --module nodenext --target es2023 " +
  "--lib es2023,esnext.disposable --types node --allowImportingTsExtensions --skipLibCheck *.ts"

/** The guide's commands, in order. */
const commandsIn = (markdown: string): ReadonlyArray<string> =>
  parseMarkdown(markdown).blocks.filter(({ info }) => info === "sh").flatMap(({ code }) => code.split("\n"))

/**
 * Types the guide's commands and saves its files. Our packages are taken from their tarballs. Tells how many files there
 * are, and how the suite ended; rejects with what a command said when one fails.
 */
export const followGuide = async (
  folder: string,
  tarballs: ReadonlyMap<string, string>
): Promise<{ readonly files: number; readonly tests: string }> => {
  const markdown = readFileSync(join(root, guide), "utf8")
  const home = join(folder, "my-engine")
  const files = programsOf(guide, markdown, folder).filter(({ file }) => dirname(file) !== folder)
  const [make, enter, ...commands] = commandsIn(markdown)
  if (make !== "mkdir my-engine" || enter !== "cd my-engine") throw new Error(`${guide} does not begin with a folder of its own`)
  mkdirSync(home)
  for (const { file, text } of files) writeFileSync(join(home, basename(file)), text.trimStart())
  let tests = ""
  for (const command of [...commands, compile, "node check.ts"]) {
    const typed = command.replaceAll(/@enigma-rtc\/[a-z-]+/g, (name) => tarballs.get(name) ?? name)
    const { stdout } = await run("bash", ["-c", typed], { cwd: home, timeout: limitMs, env: { ...process.env, NO_COLOR: "1" } })
    if (command.includes("vitest run")) tests = /Tests +(.*)/.exec(stdout)?.[1] ?? ""
  }
  return { files: files.length, tests }
}
