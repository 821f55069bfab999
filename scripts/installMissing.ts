/** Makes sure that programs which the tests run are on this machine: from Debian's packages, where they are missing. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"

export interface Program {
  /** Debian's package. */
  readonly debian: string
  /** The environment variable that names another place. */
  readonly variable: string
  readonly path: string
}

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

/** Installs what is missing, and says so; where there is no apt tells what to install. */
export const installMissing = (programs: ReadonlyArray<Program>): void => {
  const missing = programs.filter(({ path, variable }) => !existsSync(process.env[variable] ?? path))
  if (missing.length === 0) return
  const names = missing.map(({ debian }) => debian).join(" and ")
  if (!existsSync("/usr/bin/apt-get")) {
    throw new Error(`The tests need ${names}: install them, and set ${missing.map(({ variable }) => variable).join(" and ")} to where they are.`)
  }
  console.log(`Installing ${names} for the tests: about a minute, once.`)
  apt("update", "-q")
  apt("install", "-y", "-q", "--no-install-recommends", ...missing.map(({ debian }) => debian))
}
