/** Builds the worker from the sources in mediasoup's npm package, with the distribution's compiler and libraries. */
import { readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { ensurePackages, neededPackages } from "./packages.ts"
import { showProgress, type Screen } from "./progress.ts"
import { runCommand } from "./runCommand.ts"

export interface BuildOptions {
  /** The folder with `CMakeLists.txt`. */
  readonly native: string
  readonly mediasoupFolder: string
  /** An empty folder; some 100 MB go into it. */
  readonly buildFolder: string
  readonly log: number
  readonly logFile: string
  readonly say: (line: string) => void
  readonly screen: Screen
  readonly isRoot?: boolean
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
}

const gigabyte = 1024 ** 3

/** As many compilers as there are processors, and a gigabyte for each; `JOBS` decides otherwise. */
export const jobCount = (jobs: string | undefined, processors = availableParallelism(), memory = process.availableMemory()): number => {
  if (jobs === undefined || jobs === "") return Math.max(1, Math.min(processors, Math.floor(memory / gigabyte)))
  if (!/^[1-9]\d*$/.test(jobs)) throw new Error(`JOBS is the number of compilers at once, and not "${jobs}".`)
  return Number(jobs)
}

/** The line that tells why a build failed, and what helps, where that is known. */
const diagnose = (log: string): string => {
  const lines = log.split("\n")
  const first = lines.findIndex((line) => /\berror:|CMake Error|Killed|No space left|No CMAKE_\w+ could be found|undefined reference/.test(line))
  const said = first === -1 ? lines.slice(-5) : lines.slice(first, first + 4)
  const advice = /Killed|cc1plus.*(?:terminated|out of memory)/.test(log)
    ? "The compiler ran out of memory: set JOBS=1."
    : /No space left/.test(log)
    ? "The disk is full: a build needs 100 MB."
    : /CMake Error/.test(log)
    ? `It is built with what these Debian packages hold: ${neededPackages.join(", ")}.`
    : ""
  return [...said.filter((line) => line.trim() !== "").map((line) => `  ${line.trim()}`), advice].filter((line) => line !== "").join("\n")
}

/** Resolves to the file of the worker in the build folder. Rejects with what failed, why, and where the log is. */
export const buildWorker = async (options: BuildOptions): Promise<string> => {
  const { buildFolder, env = process.env, log, logFile, mediasoupFolder, native, say, screen, signal } = options
  const jobs = jobCount(env["JOBS"])
  await ensurePackages({ env, isRoot: options.isRoot ?? process.getuid?.() === 0, log, say, signal })
  say(`building it from its sources, ${jobs} ${jobs === 1 ? "file" : "files"} at a time: 3 to 5 minutes with two processors, once`)
  // A compiler that is interrupted leaves its temporary files: they go with the build folder.
  const stepEnv = { ...env, TMPDIR: buildFolder }
  const step = async (command: string, args: ReadonlyArray<string>, limit: number, onLine: (line: string) => void = () => undefined) => {
    const failure = await runCommand(command, args, { env: stepEnv, limit, log, onLine, signal })
    if (failure === undefined) return
    throw new Error(`Building mediasoup-worker failed: ${failure}.\n${
      failure.endsWith("is not installed")
        ? `It is built with what these Debian packages hold: ${neededPackages.join(", ")}.`
        : diagnose(readFileSync(logFile, "utf8"))
    }\nThe whole log: ${logFile}`)
  }
  await step("cmake", ["-G", "Ninja", "-S", native, "-B", buildFolder, `-DMEDIASOUP_DIR=${mediasoupFolder}`], 120_000)
  const progress = showProgress(screen)
  try {
    await step("ninja", ["-C", buildFolder, "-j", String(jobs), "mediasoup-worker"], 3_600_000, progress.onLine)
  } finally {
    progress.end()
  }
  return join(buildFolder, "mediasoup-worker")
}
