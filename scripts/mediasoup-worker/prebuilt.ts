/** Fetches the worker that mediasoup's maintainers have built, by mediasoup's own installation script. */
import { runCommand } from "./runCommand.ts"

export interface PrebuiltOptions {
  readonly mediasoupFolder: string
  readonly log: number
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
  /** How long the host may take to answer at all, in milliseconds. */
  readonly patience?: number
}

const releases = "https://github.com/versatica/mediasoup/releases/download"

/** Does the host answer, whatever it says? Without this the script would take a minute to find out. */
const unreachable = async (url: string, patience: number): Promise<string | undefined> => {
  try {
    await fetch(new URL(url).origin, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(patience) })
    return undefined
  } catch (error) {
    const { cause, message } = error as Error
    return `${URL.parse(url)?.host ?? url} cannot be reached (${(cause as NodeJS.ErrnoException | undefined)?.code ?? message})`
  }
}

/**
 * Leaves a worker where mediasoup looks for it. Resolves to nothing then, and else to why not. The variables are those of
 * mediasoup's script: `MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD`, `MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL`.
 */
export const fetchPrebuilt = async (options: PrebuiltOptions): Promise<string | undefined> => {
  const { env = process.env, log, mediasoupFolder, patience = 3_000, signal } = options
  if (env["MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD"]) return "MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD is set"
  const url = env["MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL"] || releases
  const why = await unreachable(url, patience)
  if (why !== undefined) return why
  let told = ""
  const failure = await runCommand(process.execPath, ["npm-scripts.mjs", "postinstall"], {
    cwd: mediasoupFolder,
    // Without a download the script would build, from sources on GitHub: no Python, no build.
    env: { ...env, MEDIASOUP_LOCAL_DEV: "", MEDIASOUP_WORKER_BIN: "", PYTHON: "false" },
    limit: 120_000,
    log,
    signal,
    onLine: (line) => {
      if (told === "" && /prebuilt binary.*(?:architecture|\d{3} |Error|host)/.test(line) && !line.includes("checking")) told = line.replace(/^.*\| /, "")
    }
  })
  return failure === undefined ? undefined : told === "" ? failure : told
}
