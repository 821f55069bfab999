/** Takes the TypeScript out of the docs, so that it can be compiled and run as it stands there. */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseMarkdown } from "./markdown.ts"
import { generatedDocs } from "./generatedDocs.ts"
import { root } from "./workspace.ts"

export interface Program {
  /** The document and the line of its first line of code: `README.md:12`. */
  readonly at: string
  readonly file: string
  readonly runs: boolean
}

const script = /^(ts|typescript|[mc]ts|tsx|js|javascript|[mc]js|jsx)\b/i

/** Every document that is written by hand, relative to the root. */
export const handWritten: ReadonlyArray<string> = globSync(
  ["*.md", "docs/**/*.md", "packages/*/*.md", "apps/*/*.md"],
  { cwd: root, exclude: (path) => path.endsWith("node_modules") }
)
  .map(String)
  .filter((path) => !generatedDocs.includes(path) && !path.endsWith("CHANGELOG.md"))
  .toSorted()

/**
 * The programs of one document. A block is `ts`, which runs, or `ts no-run`, which only compiles, or `ts file=name.ts`, a
 * file that others of its document import; code in any other dress would go untested, and throws.
 */
export const programsOf = (path: string, markdown: string, folder: string): ReadonlyArray<Program & { readonly text: string }> =>
  parseMarkdown(markdown).blocks.flatMap(({ code, info, line }) => {
    if (!script.test(info)) return []
    const [, name] = /^ts file=([\w.-]+\.ts)$/.exec(info) ?? []
    if (info !== "ts" && info !== "ts no-run" && name === undefined) {
      throw new Error(`${path}:${line}: a block of code is \`ts\`, \`ts no-run\` or \`ts file=name.ts\`, and this one is \`${info}\``)
    }
    const document = path.replaceAll(/[^a-z0-9]+/gi, "-")
    return [{
      at: `${path}:${line + 1}`,
      file: name === undefined ? join(folder, `${document}-${line}.ts`) : join(folder, document, name),
      runs: info === "ts",
      // The compiler's lines are then the document's.
      text: "\n".repeat(line) + code + "\n"
    }]
  })

/** Writes the programs of every document into a folder, and a `tsconfig.json` that compiles them. */
export const extractPrograms = (folder: string): ReadonlyArray<Program> => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const programs = handWritten.flatMap((path) => programsOf(path, readFileSync(join(root, path), "utf8"), folder))
  for (const { file, text } of programs) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const options = { noEmit: true, rootDir: folder, lib: ["es2024", "dom", "dom.iterable"], types: ["node"], moduleDetection: "force" }
  const config = { extends: join(root, "tsconfig.base.json"), compilerOptions: options, include: ["**/*.ts"] }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
  return programs
}
