/** A worker in a file, with its checksum beside it: whether it is to be trusted, and how it gets where it belongs. */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"

/** `fault` completes a sentence: "The worker …". */
export type Finding = "good" | "absent" | { readonly fault: string }

export const checksumFile = (worker: string): string => `${worker}.sha256`

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex")

/**
 * Executes the file, and says what is wrong with it. A worker that runs ends at once with 41: it misses the variable
 * `MEDIASOUP_VERSION` (mediasoup's `worker/src/main.cpp`).
 */
export const faultWhenRun = (worker: string): string | undefined => {
  const { error, signal, status, stderr } = spawnSync(worker, [], {
    encoding: "utf8",
    env: {},
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 10_000
  })
  if (status === 41) return undefined
  if (error !== undefined) return `cannot be executed here (${(error as NodeJS.ErrnoException).code ?? error.message})`
  const said = stderr.trim().split("\n")[0] ?? ""
  return `does not run here (it ends with ${signal ?? status}, not 41${said === "" ? "" : `: ${said}`})`
}

/**
 * Is there a worker that runs, and is it the one that was stored for this key? Where a checksum is optional, a worker without
 * one is somebody else's, such as mediasoup's own installation script: it need only run.
 */
export const examine = (worker: string, key: string, checksum: "required" | "optional"): Finding => {
  if (!existsSync(worker)) return "absent"
  const file = checksumFile(worker)
  if (existsSync(file)) {
    const [stored, storedKey] = readFileSync(file, "utf8").trim().split(/\s+/)
    if (storedKey !== key) return { fault: `is for ${storedKey ?? "nothing that can be read"}, not for ${key}` }
    if (stored !== sha256(worker)) return { fault: "is not what was stored: its checksum differs" }
  } else if (checksum === "required") {
    return { fault: "has no checksum" }
  }
  const fault = faultWhenRun(worker)
  return fault === undefined ? "good" : { fault }
}

/** Puts a copy in place in one step: who looks meanwhile sees the old worker or the new one, never a part. */
export const placeWorker = (from: string, to: string, key: string): void => {
  mkdirSync(dirname(to), { recursive: true })
  const besides = (file: string) => join(dirname(file), `.${basename(file)}.${process.pid}`)
  // Synchronously, so that no child started meanwhile holds the copy open for writing: it could not be executed then.
  copyFileSync(from, besides(to), constants.COPYFILE_FICLONE)
  chmodSync(besides(to), 0o755)
  const checksum = `${sha256(besides(to))}  ${key}\n`
  renameSync(besides(to), to)
  writeFileSync(besides(checksumFile(to)), checksum)
  renameSync(besides(checksumFile(to)), checksumFile(to))
}

/** Removes a worker and what is said about it. */
export const removeWorker = (worker: string): void => {
  for (const file of [checksumFile(worker), worker]) rmSync(file, { force: true })
}
