/** The mediasoup workers: one process each, started again when one dies. */
import * as os from "node:os"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createWorker, type types } from "mediasoup"

/** Where a server listens for media. */
export interface SfuListen {
  /** The address to bind, or several of the machine's: clients are told all of them, and use whichever they reach. */
  readonly ip: string | ReadonlyArray<string>
  /** The address, or host name, that clients are told, where one is bound and it is another. */
  readonly announcedAddress?: string
  /** The first worker listens at this port, for UDP and TCP, and each further one at the next; otherwise at free ones. */
  readonly port?: number
  /** Every transport listens at a port of its own in this range, in place of one port for a worker. */
  readonly ports?: { readonly min: number; readonly max: number }
  /** ICE over TCP too, for clients that have no UDP (RFC 6544). */
  readonly enableTcp: boolean
}

/** A worker could not be started: most often its binary is not there, or its port is taken. */
export class SfuWorkerFailed extends Data.TaggedError("SfuWorkerFailed")<{ readonly cause: unknown }> {
  override get message(): string {
    return `A mediasoup worker did not start: ${String(this.cause)}`
  }
}

/** A process that routes media, and where its transports listen. */
export interface LiveWorker {
  /** ICE over TCP is offered. */
  readonly tcp: boolean
  readonly worker: types.Worker
  readonly listen: { readonly webRtcServer: types.WebRtcServer } | { readonly listenInfos: Array<types.TransportListenInfo> }
}

/** A place for a worker, which outlives it. */
export class WorkerPlace {
  live: LiveWorker | undefined
  /** Peers in the rooms that are here. */
  peers = 0
  deaths = 0
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
}

const listenInfos = ({ enableTcp, ip, announcedAddress, port, ports }: SfuListen, index: number): Array<types.TransportListenInfo> =>
  [ip].flat().flatMap((address) =>
    (enableTcp ? (["udp", "tcp"] as const) : (["udp"] as const)).map((protocol) => ({
      protocol,
      ip: address,
      ...(announcedAddress === undefined ? {} : { announcedAddress }),
      ...(ports === undefined ? {} : { portRange: ports }),
      ...(port === undefined || ports !== undefined ? {} : { port: port + index })
    })))

const startWorker = async (
  index: number,
  listen: SfuListen,
  settings: types.WorkerSettings
): Promise<LiveWorker> => {
  const worker = await createWorker(settings)
  try {
    const infos = listenInfos(listen, index)
    return {
      worker,
      tcp: listen.enableTcp,
      listen: listen.ports === undefined
        ? { webRtcServer: await worker.createWebRtcServer({ listenInfos: infos }) }
        : { listenInfos: infos }
    }
  } catch (cause) {
    worker.close()
    throw cause
  }
}

const closedWithinMs = 2_000

/** Closes a worker, and waits until its process has ended: asked first, then killed. */
const stopWorker = (worker: types.Worker): Promise<void> =>
  new Promise((resolve) => {
    if (worker.subprocessClosed) {
      return resolve()
    }
    const late = setTimeout(() => kill(worker), closedWithinMs)
    worker.once("subprocessclose", () => {
      clearTimeout(late)
      resolve()
    })
    worker.close()
  })

/** Kills a worker that hangs, and so makes it die. Never ends. */
const watch = (worker: types.Worker, answerMs: number): Effect.Effect<never> =>
  Effect.forever(
    Effect.promise(() => worker.getResourceUsage().catch(() => undefined)).pipe(
      Effect.timeoutOrElse({ duration: answerMs, orElse: () => Effect.sync(() => kill(worker)) }),
      Effect.andThen(Effect.sleep(answerMs))
    )
  )

const kill = (worker: types.Worker): void => {
  try {
    process.kill(worker.pid, "SIGKILL")
  } catch {
    // It has ended meanwhile.
  }
}

/** How long a place waits before it starts a worker again, in milliseconds: doubled with every death in a row. */
const backoffMs = (failures: number): number => Math.min(10_000, 50 * 2 ** Math.min(failures, 10))
/** A worker that lived for this long did not die of how it was started. */
const steadyMs = 10_000

export interface WorkersOptions {
  readonly count: number
  readonly listen: SfuListen
  readonly settings: types.WorkerSettings
  /** A worker that does not answer for this long is killed. */
  readonly answerMs: number
  /** Called at once when a worker has died; what it routed is gone. */
  readonly onDeath: (place: WorkerPlace, cause: unknown) => void
}

/** Starts workers, and keeps as many alive until the scope closes. */
export const makeWorkers = ({ answerMs, count, listen, onDeath, settings }: WorkersOptions): Effect.Effect<
  ReadonlyArray<WorkerPlace>,
  SfuWorkerFailed,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const places = Array.from({ length: count }, (_, index) => new WorkerPlace(index))
    const start = (place: WorkerPlace) =>
      Effect.acquireRelease(
        Effect.tryPromise({
          try: () => startWorker(place.index, listen, settings),
          catch: (cause) => new SfuWorkerFailed({ cause })
        }),
        ({ worker }) => Effect.promise(() => stopWorker(worker))
      ).pipe(Effect.tap((live) => Effect.sync(() => void (place.live = live))))
    const died = (place: WorkerPlace, { worker }: LiveWorker) =>
      Effect.callback<void>((resume) => {
        const end = (cause: unknown) => {
          place.live = undefined
          place.deaths += 1
          onDeath(place, cause)
          resume(Effect.void)
        }
        if (worker.died) {
          return end("died")
        }
        worker.once("died", end)
        return Effect.sync(() => void worker.off("died", end))
      })
    const keep = (place: WorkerPlace) =>
      Effect.gen(function*() {
        let failures = 0
        while (true) {
          const since = Date.now()
          if (place.live !== undefined) {
            yield* Effect.raceFirst(died(place, place.live), watch(place.live.worker, answerMs))
          }
          failures = Date.now() - since > steadyMs ? 0 : failures + 1
          yield* Effect.sleep(backoffMs(failures))
          yield* Effect.catch(start(place), (error) => Effect.logError(error.message))
        }
      })
    yield* Effect.forEach(places, start, { concurrency: "unbounded", discard: true })
    yield* Effect.forEach(places, (place) => Effect.forkScoped(keep(place)), { discard: true })
    return places
  })

/** One for every core. */
export const defaultWorkerCount = (): number => os.availableParallelism()
