/** Makes sure that the browsers which the tests drive are on this machine. For `npm test` and what measures in browsers. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { browserPaths } from "../apps/browsers/src/browserPaths.ts"

const wanted = [
  { debian: "chromium", variable: "CHROMIUM_PATH", path: browserPaths.chromium },
  { debian: "firefox-esr", variable: "FIREFOX_PATH", path: browserPaths.firefox }
] as const

const isRoot = process.getuid?.() === 0

const apt = (...args: ReadonlyArray<string>): void => {
  const command = [...(isRoot ? [] : ["sudo"]), "apt-get", ...args]
  console.log(`$ ${command.join(" ")}`)
  const [program = "", ...rest] = command
  const { error, status } = spawnSync(program, rest, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}`)
}

/** Installs what is missing from Debian's packages, and says so; elsewhere tells what to install. */
export const ensureBrowsers = (): void => {
  const missing = wanted.filter(({ path }) => !existsSync(path))
  if (missing.length === 0) return
  const names = missing.map(({ debian }) => debian)
  if (!existsSync("/usr/bin/apt-get")) {
    throw new Error(`The tests need ${names.join(" and ")}: install them, and set ${missing.map(({ variable }) => variable).join(" and ")} to where they are.`)
  }
  console.log(`Installing ${names.join(" and ")}, which the tests drive: about a minute, once.`)
  apt("update", "-q")
  apt("install", "-y", "-q", "--no-install-recommends", ...names)
}
