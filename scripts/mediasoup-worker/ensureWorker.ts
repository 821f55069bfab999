/** The order in which a worker is looked for: in its place, in the cache, at upstream's, and at last in its sources. */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs"
import { dirname } from "node:path"
import { discardEntry, storeEntry, sweep, workerIn } from "./cache.ts"
import { withLock } from "./lock.ts"
import { examine, faultWhenRun, placeWorker, removeWorker } from "./workerFile.ts"

export type Source = "present" | "cache" | "prebuilt" | "built"

/** What a slow step may use. */
export interface Workspace {
  /** An open file, and its name, for all that is said. It stays when the step fails. */
  readonly log: number
  readonly logFile: string
  /** An empty folder, removed afterwards. */
  readonly buildFolder: string
}

export interface WorkerPlan {
  /** Where mediasoup looks for its worker. */
  readonly worker: string
  /** The folder of the cache for this key. */
  readonly entry: string
  readonly key: string
  /** Takes no worker that is there, and none that is prebuilt. */
  readonly rebuild?: boolean
  readonly say: (line: string) => void
  /** Puts a prebuilt worker in place, or resolves to why there is none. */
  readonly fetchPrebuilt: (workspace: Workspace) => Promise<string | undefined>
  /** Resolves to the file of a worker that it has built. */
  readonly build: (workspace: Workspace) => Promise<string>
  readonly signal?: AbortSignal
}

/** The quick steps. */
const restore = ({ entry, key, say, worker }: WorkerPlan): Source | undefined => {
  const present = examine(worker, key, "optional")
  if (present === "good") return "present"
  if (present !== "absent") say(`the worker in node_modules ${present.fault}; it is replaced`)
  const cached = examine(workerIn(entry), key, "required")
  if (cached === "good") {
    placeWorker(workerIn(entry), worker, key)
    return "cache"
  }
  if (cached !== "absent") {
    say(`the worker in the cache ${cached.fault}; it is thrown away`)
    discardEntry(entry)
  }
  return undefined
}

/** Resolves to why no prebuilt worker is in place now. */
const tryPrebuilt = async ({ fetchPrebuilt, worker }: WorkerPlan, workspace: Workspace): Promise<string | undefined> => {
  // What is there does not run. Half of a download must not stay either.
  removeWorker(worker)
  const why = (await fetchPrebuilt(workspace)) ?? faultWhenRun(worker)
  if (why !== undefined) removeWorker(worker)
  return why
}

/** The slow steps. */
const make = async (plan: WorkerPlan, workspace: Workspace): Promise<Source> => {
  const { build, entry, key, rebuild, say, worker } = plan
  if (rebuild !== true) {
    const why = await tryPrebuilt(plan, workspace)
    if (why === undefined) {
      storeEntry(worker, entry, key)
      placeWorker(workerIn(entry), worker, key)
      return "prebuilt"
    }
    say(`no prebuilt worker: ${why}`)
  }
  const built = await build(workspace)
  const fault = faultWhenRun(built)
  if (fault !== undefined) throw new Error(`The worker that was built ${fault}.\nThe whole log: ${workspace.logFile}`)
  if (rebuild === true) discardEntry(entry)
  storeEntry(built, entry, key)
  placeWorker(built, worker, key)
  return "built"
}

/** Makes the worker be where mediasoup looks for it, and resolves to where it came from. */
export const ensureWorker = async (plan: WorkerPlan): Promise<Source> => {
  const { entry, rebuild, say, signal } = plan
  const early = rebuild === true ? undefined : restore(plan)
  if (early !== undefined) return early
  const folder = dirname(entry)
  try {
    mkdirSync(folder, { recursive: true })
    sweep(folder)
  } catch (error) {
    throw new Error(`The cache ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}): set XDG_CACHE_HOME to a folder that can.`, { cause: error })
  }
  const underLock = async (): Promise<Source> => {
    // Whoever had the lock before has perhaps made what we need.
    const late = rebuild === true ? undefined : restore(plan)
    if (late !== undefined) return late
    const logFile = `${entry}.log`
    const log = openSync(logFile, "w")
    const buildFolder = mkdtempSync(`${folder}/build-`)
    try {
      const source = await make(plan, { buildFolder, log, logFile })
      rmSync(logFile, { force: true })
      return source
    } finally {
      closeSync(log)
      rmSync(buildFolder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
  return withLock(`${entry}.lock`, underLock, {
    onWait: (holder) => say(`another process (${holder}) is at it; waiting`),
    ...(signal === undefined ? {} : { signal })
  })
}
