/** `npm run mediasoup-worker`: makes sure that mediasoup's worker, which the tests of the server start, is on this machine. */
import { installedWorker, mediasoupFolder, mediasoupVersion } from "@enigma-rtc/sfu-server/worker"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { buildWorker } from "./build.ts"
import { cacheFolder, workerKey } from "./cache.ts"
import { ensureWorker, type Source } from "./ensureWorker.ts"
import { fetchPrebuilt } from "./prebuilt.ts"
import { faultWhenRun } from "./workerFile.ts"

const usage = `npm run mediasoup-worker                 installs mediasoup's worker where it is missing
npm run mediasoup-worker -- --rebuild    builds it from its sources, whatever is there`

const say = (line: string): void => console.log(`mediasoup-worker: ${line}`)

const native = join(import.meta.dirname, "native")

/** Ends the work in order when somebody presses Ctrl+C, and then this process as the signal would have. */
const interruptible = async <A>(work: (signal: AbortSignal) => Promise<A>): Promise<A> => {
  const controller = new AbortController()
  let received: NodeJS.Signals | undefined
  const stop = (name: NodeJS.Signals) => {
    received = name
    controller.abort(new Error(`Interrupted by ${name}.`))
  }
  const signals = ["SIGINT", "SIGTERM"] as const
  for (const name of signals) process.on(name, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of signals) process.off(name, stop)
    if (received !== undefined) process.kill(process.pid, received)
  }
}

/**
 * Installs the worker where it is missing, and says so; is silent and quick where it is there. Rejects with what failed and
 * what to do. A worker of your own in `MEDIASOUP_WORKER_BIN` is only tried. `hint`: said too, when it may take a while.
 */
export const ensureMediasoupWorker = ({ hint, rebuild = false }: { readonly hint?: string; readonly rebuild?: boolean } = {}): Promise<Source> =>
  interruptible(async (signal) => {
    const own = process.env["MEDIASOUP_WORKER_BIN"]
    if (own) {
      const fault = faultWhenRun(own)
      if (fault !== undefined) throw new Error(`MEDIASOUP_WORKER_BIN is ${own}, which ${fault}.`)
      return "present"
    }
    const key = workerKey(mediasoupVersion, native)
    const start = performance.now()
    const screen = { isTTY: process.stdout.isTTY, now: () => performance.now(), write: (text: string) => process.stdout.write(text) }
    const source = await ensureWorker({
      build: (workspace) => buildWorker({ ...workspace, mediasoupFolder, native, say, screen, signal }),
      entry: join(cacheFolder(), key),
      fetchPrebuilt: (workspace) => {
        say(`version ${mediasoupVersion} is neither here nor in ${cacheFolder()}`)
        if (hint !== undefined) say(hint)
        return fetchPrebuilt({ ...workspace, mediasoupFolder, signal })
      },
      key,
      rebuild,
      say,
      signal,
      worker: installedWorker
    })
    const took = `${((performance.now() - start) / 1_000).toFixed(1)} s`
    if (source === "cache") say(`${mediasoupVersion} from the cache, ${took}`)
    if (source === "prebuilt") say(`${mediasoupVersion} as upstream built it, ${took}`)
    if (source === "built") say(`${mediasoupVersion} built, ${took}; the next time it comes from ${cacheFolder()}`)
    return source
  })

if (import.meta.main) {
  const { values } = parseArgs({ options: { help: { type: "boolean", default: false }, rebuild: { type: "boolean", default: false } } })
  if (values.help) {
    console.log(usage)
  } else {
    try {
      if ((await ensureMediasoupWorker(values)) === "present") say(`${mediasoupVersion} is there`)
    } catch (error) {
      console.error(`mediasoup-worker: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
}
