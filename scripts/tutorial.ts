/** docs/tutorial.md as a folder of files, followed with npm and what is packed, or made of links without any registry. */
import { execFile } from "node:child_process"
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { parseMarkdown } from "./markdown.ts"
import { pack } from "./pack.ts"
import { members, root } from "./workspace.ts"

const run = promisify(execFile)
const limitMs = 180_000
const { blocks } = parseMarkdown(readFileSync(join(root, "docs/tutorial.md"), "utf8"))

/** The files that a reader saves, by their names. */
export const tutorialFiles: ReadonlyMap<string, string> = new Map(
  blocks.flatMap(({ code, info }) => {
    const [, name] = /^\w+ file=([\w.-]+)$/.exec(info) ?? []
    return name === undefined ? [] : [[name, `${code}\n`] as const]
  })
)

/** What a reader types, block by block. */
export const tutorialCommands: ReadonlyArray<string> = blocks.filter(({ info }) => info === "sh").map(({ code }) => code)

/** Saves the files, each changed by `edit`. */
const save = (folder: string, edit: (text: string) => string = (text) => text): void => {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of tutorialFiles) writeFileSync(join(folder, name), edit(text))
}

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

/**
 * A folder as the tutorial leaves it: its files, our packages out of their tarballs, and for all else links to what this
 * workspace has installed.
 */
export const makeTutorialFolder = async (folder: string, edit: (text: string) => string): Promise<void> => {
  save(folder, edit)
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  const modules = join(folder, "node_modules")
  const named = [...new Set([...tutorialFiles.values()].join().match(/@enigma-rtc\/[a-z-]+/g))]
  await Promise.all(named.map(async (name) => {
    const member = members.find((one) => one.name === name)
    if (member === undefined) throw new Error(`docs/tutorial.md imports ${name}, which is not here`)
    const { manifest, unpacked } = await pack(member, join(folder, ".packed"))
    link(unpacked, join(modules, name))
    // Each finds its own where npm would have put them: beside it, or above.
    const needs = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    for (const need of needs) {
      const place = join(unpacked, "node_modules", need)
      link(need.startsWith("@enigma-rtc/") ? join(modules, need) : join(root, member.folder, "node_modules", need), place)
    }
  }))
  for (const name of ["effect", "ws", "vite"]) link(join(root, "scripts/node_modules", name), join(modules, name))
}

/** Types the tutorial's first commands with npm, our packages being their tarballs, and builds the page that it has. */
export const followTutorial = async (folder: string, tarballs: ReadonlyMap<string, string>): Promise<void> => {
  const [install = ""] = tutorialCommands
  const typed = install.replaceAll(/@enigma-rtc\/[a-z-]+/g, (name) => tarballs.get(name) ?? name)
  await run("bash", ["-ec", typed], { cwd: folder, timeout: limitMs })
  const home = join(folder, "my-call")
  save(home)
  await run("npx", ["vite", "build"], { cwd: home, timeout: limitMs })
}
