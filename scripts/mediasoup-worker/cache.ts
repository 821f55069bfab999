/** The cache of workers that were fetched or built: one folder for each key. For the installer. */
import { createHash } from "node:crypto"
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, isAbsolute, join } from "node:path"
import { placeWorker } from "./workerFile.ts"

const day = 24 * 60 * 60 * 1_000

/** `$XDG_CACHE_HOME/enigma-rtc/mediasoup-worker`; a relative path there is to be ignored (XDG Base Directory Specification). */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const base = env["XDG_CACHE_HOME"] ?? ""
  return join(isAbsolute(base) ? base : join(homedir(), ".cache"), "enigma-rtc", "mediasoup-worker")
}

/** `debian12`, or where nothing says so the platform: workers are linked against what a distribution has. */
export const distribution = (osRelease: string): string => {
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]*)`, "m").exec(osRelease)?.[1] ?? ""
  return field("ID") === "" ? process.platform : `${field("ID")}${field("VERSION_ID")}`
}

const readOsRelease = (): string => {
  try {
    return readFileSync("/etc/os-release", "utf8")
  } catch {
    return ""
  }
}

/** What a worker depends on: mediasoup's version, the machine, and the files in `native` that it is built with. */
export const workerKey = (version: string, native: string): string => {
  const hash = createHash("sha256")
  const files = globSync("**/*", { cwd: native, withFileTypes: true }).filter((file) => file.isFile())
  for (const path of files.map(({ name, parentPath }) => join(parentPath, name)).toSorted()) {
    hash.update(path.slice(native.length)).update("\0").update(readFileSync(path)).update("\0")
  }
  return [version, process.arch, distribution(readOsRelease()), hash.digest("hex").slice(0, 12)].join("-")
}

/** The worker of an entry. */
export const workerIn = (entry: string): string => join(entry, "mediasoup-worker")

/** Makes the entry in one step. An entry that another process has made meanwhile stays. */
export const storeEntry = (from: string, entry: string, key: string): void => {
  mkdirSync(dirname(entry), { recursive: true })
  const unfinished = mkdtempSync(`${entry}.new-`)
  try {
    placeWorker(from, workerIn(unfinished), key)
    renameSync(unfinished, entry)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error
  }
}

/** Takes the entry out of use in one step, and then removes it. */
export const discardEntry = (entry: string): void => {
  const broken = `${entry}.broken-${process.pid}`
  try {
    renameSync(entry, broken)
  } catch (error) {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
  }
  rmSync(broken, { recursive: true, force: true })
}

/** Removes what processes that were killed a day or longer ago have left behind. */
export const sweep = (folder: string, now: number = Date.now()): void => {
  for (const name of readdirSync(folder)) {
    if (!/^build-|\.(?:new|broken)-/.test(name)) continue
    const path = join(folder, name)
    if (now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > day) rmSync(path, { recursive: true, force: true })
  }
}
