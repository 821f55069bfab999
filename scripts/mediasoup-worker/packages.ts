/** The Debian packages that a worker is built with. */
import { spawnSync } from "node:child_process"
import { runCommand } from "./runCommand.ts"

export const neededPackages = [
  "g++",
  "cmake",
  "ninja-build",
  "pkgconf",
  "flatbuffers-compiler",
  "libflatbuffers-dev",
  "libabsl-dev",
  "libsrtp2-dev",
  "libuv1-dev",
  "libssl-dev"
] as const

/** Those that are not installed. None where there is no dpkg: there the build itself finds out what is missing. */
const missingPackages = (env: NodeJS.ProcessEnv): ReadonlyArray<string> => {
  const { error, stdout } = spawnSync("dpkg-query", ["-W", "-f=${Package} ${db:Status-Status}\n", ...neededPackages], {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "ignore"]
  })
  if (error !== undefined) return []
  const installed = new Set(stdout.split("\n").filter((line) => line.endsWith(" installed")).map((line) => line.split(" ")[0]))
  return neededPackages.filter((name) => !installed.has(name))
}

export interface PackageOptions {
  readonly env: NodeJS.ProcessEnv
  readonly isRoot: boolean
  readonly log: number
  readonly say: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** Installs what is missing. Throws what to do where that is not allowed or fails. */
export const ensurePackages = async ({ env, isRoot, log, say, signal }: PackageOptions): Promise<void> => {
  const missing = missingPackages(env)
  if (missing.length === 0) return
  const byHand = `apt-get install --no-install-recommends ${missing.join(" ")}`
  if (!isRoot) throw new Error(`The worker is built with packages that are not installed, and only root can install them. Run:\n  sudo ${byHand}`)
  say(`installing ${missing.join(", ")}`)
  const apt = (...args: ReadonlyArray<string>) =>
    runCommand("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", ...args], {
      log,
      signal,
      limit: 900_000,
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" }
    })
  const failure = (await apt("update")) ?? (await apt("install", "-y", "--no-install-recommends", ...missing))
  if (failure !== undefined) throw new Error(`Installing packages failed: ${failure}. Is there a network, with Debian's mirrors? By hand:\n  ${byHand}`)
}
