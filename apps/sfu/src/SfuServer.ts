/** An SFU server: rooms of peers who send each other media and data through mediasoup's workers. */
import type { SfuRefusal } from "@enigma-rtc/engine-sfu"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { types } from "mediasoup"
import { type ConnectionHost, OpenConnection, type SfuConnection } from "./connection.ts"
import { Counts, metricsOf, type SfuFigures, takeFigures } from "./figures.ts"
import { handlers, type HandlerContext } from "./handlers.ts"
import { defaultLimits, type SfuLimits } from "./limits.ts"
import { wrongState } from "./refusals.ts"
import { defaultCodecs } from "./Room.ts"
import { Rooms } from "./rooms.ts"
import { type SfuAdmission, type SfuAdmitted, Stays } from "./Stays.ts"
import { defaultWorkerCount, makeWorkers, type SfuListen, type SfuWorkerFailed, type WorkerPlace } from "./workers.ts"

/** How a server is made. */
export interface SfuServerOptions<Identity> {
  /** Decides who may join which room, and as whom. It is asked for each `join` that does not resume a stay. */
  readonly authorise: (admission: SfuAdmission<Identity>) => Effect.Effect<SfuAdmitted, SfuRefusal>
  /** How many worker processes. One for every core, if left out. */
  readonly workers?: number
  /** What differs from listening at a free port of 127.0.0.1, with ICE over UDP and TCP. */
  readonly listen?: Partial<SfuListen>
  readonly limits?: Partial<SfuLimits>
  /** How long a peer's stay waits for it when its connection was lost, in milliseconds: 15 000, if left out. */
  readonly graceMs?: number
  /** How long a room is kept when it is empty, in milliseconds: 30 000, if left out. */
  readonly emptyRoomMs?: number
  /** What rooms carry: opus, VP8, VP9 and H.264, if left out. */
  readonly codecs?: Array<types.RouterRtpCodecCapability>
  /** How long a worker may give no sign of life before it is killed, and replaced, in milliseconds: 10 000, if left out. */
  readonly workerAnswerMs?: number
  /** Of the workers: their log level, for one, or where their binary is. */
  readonly workerSettings?: types.WorkerSettings
}

/** A server that runs. */
export interface SfuServer<Identity> {
  /** A client has connected. Closing the scope closes the connection. */
  readonly connect: (identity: Identity) => Effect.Effect<SfuConnection, never, Scope.Scope>
  /** Ends a peer's stay, with `removed`. `false` if there is none. */
  readonly removePeer: (room: string, peer: string) => Effect.Effect<boolean>
  /** Ends all stays in a room, with `roomClosed`. `false` if there is none. */
  readonly closeRoom: (room: string) => Effect.Effect<boolean>
  readonly figures: Effect.Effect<SfuFigures>
  /** The figures in the Prometheus text format. */
  readonly metricsText: Effect.Effect<string>
}

/** Starts a server. It stops, with all that it has, when the scope closes: its clients hear `ended`, for `roomClosed`. */
export const make = <Identity>(
  options: SfuServerOptions<Identity>
): Effect.Effect<SfuServer<Identity>, SfuWorkerFailed, Scope.Scope> =>
  Effect.gen(function*() {
    const { authorise, codecs = defaultCodecs, emptyRoomMs = 30_000, graceMs = 15_000 } = options
    const limits: SfuLimits = { ...defaultLimits, ...options.limits }
    const counts = new Counts()
    let places: ReadonlyArray<WorkerPlace> = []
    let stopped = false

    const fork = yield* FiberSet.makeRuntime<never, void, never>()
    const run = (effect: Effect.Effect<void>): void => void fork(effect)
    const later = (ms: number, then: () => void) => run(Effect.sleep(ms).pipe(Effect.andThen(Effect.sync(then))))

    const rooms = new Rooms({
      limit: limits.rooms,
      emptyMs: emptyRoomMs,
      codecs,
      places: () => places,
      later,
      left: (stay) => stays.left(stay)
    })
    const stays = new Stays({ rooms, limits, graceMs, authorise, later })
    places = yield* makeWorkers({
      count: options.workers ?? defaultWorkerCount(),
      listen: { ip: "127.0.0.1", enableTcp: true, ...options.listen },
      settings: { logLevel: "none", ...options.workerSettings },
      answerMs: options.workerAnswerMs ?? 10_000,
      onDeath: (place, cause) => {
        run(Effect.logError(`A mediasoup worker died: ${String(cause)}`))
        rooms.dropOn(place)
      }
    })
    // Before the workers stop.
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        stopped = true
        rooms.stop()
        for (const connection of stays.connections) {
          connection.close()
        }
      })
    )

    const host: ConnectionHost = {
      limits,
      counts,
      run,
      closed: (connection) => stays.closed(connection),
      perform: (connection, incoming) => {
        if (incoming.method === "join") {
          return stays.join(connection, incoming.request)
        }
        const stay = stays.of(connection)
        if (incoming.method === "leave") {
          stay?.end()
          return Effect.succeed({})
        }
        if (stay === undefined) {
          return Effect.fail(wrongState("join first"))
        }
        // The handler of this method takes this method's request.
        const handle = handlers[incoming.method] as (context: HandlerContext, request: object) => Effect.Effect<object, SfuRefusal>
        return handle({ stay, limits }, incoming.request)
      }
    }
    const connect = (identity: Identity): SfuConnection => {
      const outgoing = Effect.runSync(Queue.dropping<string, Cause.Done>(limits.outgoing))
      const connection = new OpenConnection(host, outgoing)
      const full = stopped || stays.size >= limits.connections
      stays.opened(connection, identity)
      if (full) {
        connection.close()
      }
      return {
        receive: (text) => connection.receive(text),
        outgoing: Stream.fromQueue(outgoing),
        close: Effect.sync(() => connection.close())
      }
    }
    const figures = Effect.suspend(() => takeFigures(rooms.all, places, stays.size, counts))

    return {
      connect: (identity) => Effect.acquireRelease(Effect.sync(() => connect(identity)), ({ close }) => close),
      removePeer: (room, peer) =>
        Effect.sync(() => {
          const stay = rooms.get(room)?.stays.get(peer)
          stay?.end("removed")
          return stay !== undefined
        }),
      closeRoom: (name) =>
        Effect.sync(() => {
          const room = rooms.get(name)
          if (room !== undefined) {
            rooms.drop(room, "roomClosed")
          }
          return room !== undefined
        }),
      figures,
      metricsText: Effect.map(figures, metricsOf)
    }
  })
