/** The docs keep their word: every program in them compiles and runs, and every link and command in them exists. */
import { execFile, spawnSync } from "node:child_process"
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { extractPrograms, handWritten, programsOf } from "../docsCode.ts"
import { anchorsOf, linksOf, parseMarkdown } from "../markdown.ts"
import { readManifest, root } from "../workspace.ts"

const limitMs = 60_000
const folder = join(root, "scripts/.docs-code")
const programs = extractPrograms(folder)
const compiled = programs.length === 0
  ? ""
  : spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], { cwd: folder, encoding: "utf8" }).stdout

/** Rejects when the program does not end with 0 in time, or complains: a failed `console.assert` does not end it. */
const runProgram = async (file: string) => {
  const { stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder, timeout: limitMs })
  if (stderr !== "") throw new Error(stderr)
}

describe.skipIf(programs.length === 0)("the code in the docs", () => {
  it.each(programs)("$at compiles", ({ file }) => {
    expect(compiled.split("\n").filter((line) => line.startsWith(relative(folder, file)))).toEqual([])
  })

  it("has no other complaint from the compiler", () => {
    const files = programs.map(({ file }) => relative(folder, file))
    expect(compiled.split("\n").filter((line) => line !== "" && !files.some((file) => line.startsWith(file)))).toEqual([])
  })

  it.concurrent.each(programs.filter(({ runs }) => runs))("$at runs", ({ file }) => runProgram(file), limitMs + 5_000)
})

describe("a program in the docs", () => {
  it.each([
    ["fails", "process.exitCode = 3"],
    ["throws", "throw new Error()"],
    ["has an assertion that fails", "console.assert(false)"],
    ["rejects, and nobody listens", "void Promise.reject(new Error())"]
  ])("that %s is seen", async (_, code) => {
    const file = join(folder, "planted.mjs")
    writeFileSync(file, code)
    await expect(runProgram(file)).rejects.toThrow()
  })
})

describe("a block of code in the docs", () => {
  it("runs as it stands, or compiles only", () => {
    const markdown = "a\n```ts\nconst a: 1 = 1\n```\n\n1. b\n\n   ~~~ts no-run\n   f()\n\n     g()\n   ~~~\n\n```sh\nnpm test\n```\n"
    expect(programsOf("docs/a.md", markdown, "/x")).toEqual([
      { at: "docs/a.md:3", file: "/x/docs-a-md-2.ts", runs: true, text: "\n\nconst a: 1 = 1\n" },
      { at: "docs/a.md:9", file: "/x/docs-a-md-8.ts", runs: false, text: `${"\n".repeat(8)}f()\n\n  g()\n` }
    ])
  })

  it.each(["js", "typescript", "TS", "tsx", "ts norun", "ts no-run twice", "mjs"])("is never skipped in silence: %s", (info) => {
    expect(() => programsOf("a.md", `\`\`\`${info}\nf()\n\`\`\``, "/x")).toThrow("a.md:1")
  })

  it("that never ends is a fault", () => {
    expect(() => programsOf("a.md", "\n```ts\nf()\n", "/x")).toThrow("line 2")
  })
})

describe.each(handWritten)("%s", (path) => {
  const text = readFileSync(join(root, path), "utf8")

  it("links to what exists", () => {
    const broken = linksOf(text).filter(({ to }) => {
      if (/^[a-z]+:/.test(to)) return false
      const [target = "", anchor] = to.split("#")
      const file = target === "" ? join(root, path) : join(root, dirname(path), target)
      if (!existsSync(file)) return true
      if (anchor === undefined || statSync(file).isDirectory()) return false
      return !anchorsOf(readFileSync(file, "utf8")).has(anchor)
    })
    expect(broken).toEqual([])
  })

  it("names commands that exist", () => {
    const scripts = readManifest(join(root, "package.json")).scripts ?? {}
    const code = [...parseMarkdown(text).blocks.map((block) => block.code), ...text.match(/`[^`\n]+`/g) ?? []]
    const named = code.flatMap((span) => [...span.matchAll(/npm run (?:--\S+ )*([\w:-]+)/g)].map(([, name = ""]) => name))
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  })
})
