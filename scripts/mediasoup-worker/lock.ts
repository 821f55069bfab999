/** One installer at a time. Only so that nobody works in vain: what two do at once is right all the same. */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"

export interface LockOptions {
  /** Called once when another process has the lock, with its name. */
  readonly onWait: (holder: string) => void
  readonly signal?: AbortSignal
  /** A holder touches the lock this often, in milliseconds. */
  readonly heartbeat?: number
  /** Who waits longer than this, in milliseconds, gives up. */
  readonly limit?: number
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** Has its holder died? On this machine its process tells; on another that shares the folder, a heart that stopped. */
const isStale = (file: string, holder: string, heartbeat: number): boolean => {
  const [host, pid] = holder.split(" ")
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return age > 10 * heartbeat || (host === hostname() && pid !== undefined && pid !== "" && !isRunning(Number(pid)))
}

const readHolder = (file: string): string => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}

/** Runs `work` while no other process that asks for the same file does. */
export const withLock = async <A>(file: string, work: () => Promise<A>, options: LockOptions): Promise<A> => {
  const { heartbeat = 2_000, limit = 3_600_000, onWait, signal } = options
  const us = `${hostname()} ${process.pid}`
  const start = performance.now()
  let told = false
  for (;;) {
    try {
      writeFileSync(file, us, { flag: "wx" })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    }
    const holder = readHolder(file)
    if (isStale(file, holder, heartbeat)) {
      rmSync(file, { force: true })
      continue
    }
    if (performance.now() - start > limit) throw new Error(`Another process (${holder}) still holds ${file}. If there is none, remove that file.`)
    if (!told) onWait(holder)
    told = true
    await sleep(Math.min(heartbeat, 200), undefined, signal === undefined ? {} : { signal })
  }
  const beat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(file, now, now)
    } catch {
      // Somebody took us for dead: at worst the work is done twice.
    }
  }, heartbeat)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    if (readHolder(file) === us) rmSync(file, { force: true })
  }
}
