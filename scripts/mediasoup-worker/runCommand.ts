/** Runs one step of the installation, with all that it says in a log. */
import { spawn } from "node:child_process"
import { writeSync } from "node:fs"
import { createInterface } from "node:readline"

export interface RunOptions {
  /** The open file that gets the command and its output. */
  readonly log: number
  /** Longer than this, in milliseconds, it does not run. */
  readonly limit: number
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly onLine?: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** Resolves to nothing when the command succeeds, and else to how it ended, as in "g++ …". Rejects when it is aborted. */
export const runCommand = (command: string, args: ReadonlyArray<string>, options: RunOptions): Promise<string | undefined> => {
  const { cwd, env = process.env, limit, log, onLine, signal } = options
  writeSync(log, `$ ${[command, ...args].join(" ")}\n`)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"], timeout: limit })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        writeSync(log, `${line}\n`)
        onLine?.(line)
      })
    }
    let failure: NodeJS.ErrnoException | undefined
    child.on("error", (error) => {
      failure = error
    })
    child.on("close", (code, killedBy) => {
      if (signal?.aborted === true) reject(signal.reason as Error)
      else if (failure?.code === "ENOENT") resolve(`${command} is not installed`)
      else if (failure !== undefined) resolve(`${command} cannot be run: ${failure.message}`)
      else if (code === 0) resolve(undefined)
      else if (killedBy !== null) resolve(`${command} was ended by ${killedBy}${killedBy === "SIGTERM" ? ` (its limit is ${limit / 1_000} s)` : ""}`)
      else resolve(`${command} ended with ${code}`)
    })
  })
}
