/** What a server can be watched by: figures of the moment, and counts since it began. */
import type { SfuRefusal } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import type { Room } from "./Room.ts"
import type { WorkerPlace } from "./workers.ts"

/** One worker's process. */
export interface WorkerFigures {
  readonly index: number
  /** `undefined` while it is dead. */
  readonly pid: number | undefined
  /** User and system time of the process since it began, in milliseconds. */
  readonly cpuMs: number
  /** The most memory that it has had, in KiB. */
  readonly maxRssKiB: number
  readonly peers: number
  readonly deaths: number
}

/** How a server is doing. */
export interface SfuFigures {
  readonly connections: number
  readonly rooms: number
  readonly peers: number
  readonly transports: number
  readonly producers: number
  readonly consumers: number
  readonly dataProducers: number
  readonly dataConsumers: number
  readonly workers: ReadonlyArray<WorkerFigures>
  /** Since it began. */
  readonly workerDeaths: number
  /** Requests since it began, whatever came of them. */
  readonly requests: number
  /** Requests refused since it began, by the refusal's code. */
  readonly refusals: Readonly<Record<SfuRefusal["code"], number>>
  /** Connections closed since it began because they did not read what was sent. */
  readonly slowReaders: number
}

/** Counts since the server began. */
export class Counts {
  requests = 0
  slowReaders = 0
  readonly refusals: Record<SfuRefusal["code"], number> = {
    unauthorised: 0,
    invalid: 0,
    notFound: 0,
    wrongState: 0,
    tooMany: 0,
    cannotConsume: 0,
    unavailable: 0
  }
}

/** How long a worker may take to tell of itself, in milliseconds. */
const workerMs = 1_000

const workerFigures = (place: WorkerPlace): Effect.Effect<WorkerFigures> => {
  const { deaths, index, live, peers } = place
  const none = { index, pid: live?.worker.pid, cpuMs: 0, maxRssKiB: 0, peers, deaths }
  return live === undefined
    ? Effect.succeed(none)
    : Effect.tryPromise(() => live.worker.getResourceUsage()).pipe(
      Effect.map(({ ru_maxrss, ru_stime, ru_utime }) => ({ ...none, cpuMs: ru_utime + ru_stime, maxRssKiB: ru_maxrss })),
      Effect.timeoutOrElse({ duration: workerMs, orElse: () => Effect.succeed(none) }),
      Effect.catch(() => Effect.succeed(none))
    )
}

/** Takes the figures. Never takes longer than a second. */
export const takeFigures = (
  rooms: Iterable<Room>,
  places: ReadonlyArray<WorkerPlace>,
  connections: number,
  counts: Counts
): Effect.Effect<SfuFigures> =>
  Effect.gen(function*() {
    const workers = yield* Effect.forEach(places, workerFigures, { concurrency: "unbounded" })
    const all = [...rooms]
    const stays = all.flatMap((room) => [...room.stays.values()])
    const sources = stays.flatMap((stay) => [...stay.sources.values()])
    const sinks = stays.flatMap((stay) => [...stay.sinks.values()])
    const of = (things: ReadonlyArray<{ readonly kind: string }>, kind: string) =>
      things.filter((thing) => thing.kind === kind).length
    return {
      connections,
      rooms: all.length,
      peers: stays.length,
      transports: stays.reduce((sum, stay) => sum + stay.transports.size, 0),
      producers: of(sources, "media"),
      consumers: of(sinks, "media"),
      dataProducers: of(sources, "data"),
      dataConsumers: of(sinks, "data"),
      workers,
      workerDeaths: places.reduce((sum, { deaths }) => sum + deaths, 0),
      requests: counts.requests,
      refusals: { ...counts.refusals },
      slowReaders: counts.slowReaders
    }
  })

const gauges = [
  "connections", "rooms", "peers", "transports", "producers", "consumers", "dataProducers", "dataConsumers"
] as const
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The figures in the Prometheus text format 0.0.4, every name with `sfu_` before it. */
export const metricsOf = (figures: SfuFigures): string => {
  const metric = (name: string, type: "counter" | "gauge", values: ReadonlyArray<readonly [labels: string, value: number]>) => [
    `# TYPE sfu_${name} ${type}`,
    ...values.map(([labels, value]) => `sfu_${name}${labels} ${value}`)
  ]
  const workers = (of: (worker: WorkerFigures) => number) =>
    figures.workers.map((worker) => [`{worker="${worker.index}"}`, of(worker)] as const)
  return [
    ...gauges.flatMap((name) => metric(snake(name), "gauge", [["", figures[name]]])),
    ...metric("workers_alive", "gauge", [["", figures.workers.filter(({ pid }) => pid !== undefined).length]]),
    ...metric("worker_cpu_seconds_total", "counter", workers(({ cpuMs }) => cpuMs / 1000)),
    ...metric("worker_memory_max_bytes", "gauge", workers(({ maxRssKiB }) => maxRssKiB * 1024)),
    ...metric("worker_peers", "gauge", workers(({ peers }) => peers)),
    ...metric("worker_deaths_total", "counter", workers(({ deaths }) => deaths)),
    ...metric("requests_total", "counter", [["", figures.requests]]),
    ...metric("refusals_total", "counter", Object.entries(figures.refusals).map(([code, count]) => [`{code="${code}"}`, count])),
    ...metric("slow_readers_total", "counter", [["", figures.slowReaders]]),
    ""
  ].join("\n")
}
