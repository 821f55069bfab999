/** An SFU server: rooms of peers who send each other media and data through mediasoup's workers. */
import { randomBytes } from "node:crypto"
import type { SfuRefusal } from "@enigma-rtc/engine-sfu"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { types } from "mediasoup"
import { type ConnectionHost, OpenConnection, type SfuConnection } from "./connection.ts"
import { Counts, metricsOf, type SfuFigures, takeFigures } from "./figures.ts"
import { handlers, type HandlerContext } from "./handlers.ts"
import { defaultLimits, type SfuLimits, type SfuPeerLimits } from "./limits.ts"
import { tooMany, unavailable, wrongState } from "./refusals.ts"
import { type Incoming, Name } from "./requests.ts"
import { defaultCodecs, Room } from "./Room.ts"
import { Stay } from "./Stay.ts"
import { defaultWorkerCount, makeWorkers, type SfuListen, type SfuWorkerFailed, type WorkerPlace } from "./workers.ts"

/** Who wants to join which room. */
export interface SfuAdmission<Identity> {
  readonly room: string
  /** What the client has from the app, for this. */
  readonly token: string | undefined
  /** What the connection was made with. */
  readonly identity: Identity
}

/** Who is let in. */
export interface SfuAdmitted {
  /** The name of the peer in the room: 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`. The same client, the same name. */
  readonly peer: string
  /** What differs, for this peer, from the server's limits. */
  readonly limits?: Partial<SfuPeerLimits>
}

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
  readonly codecs?: Array<types.RouterRtpCodecCapability>
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

const isName = Schema.is(Name)

/** Starts a server. It stops, with all that it has, when the scope closes: its clients hear `ended`, for `roomClosed`. */
export const make = <Identity>(
  options: SfuServerOptions<Identity>
): Effect.Effect<SfuServer<Identity>, SfuWorkerFailed, Scope.Scope> =>
  Effect.gen(function*() {
    const limits: SfuLimits = { ...defaultLimits, ...options.limits }
    const { authorise, codecs = defaultCodecs, emptyRoomMs = 30_000, graceMs = 15_000 } = options
    const counts = new Counts()
    const rooms = new Map<string, Room>()
    const secrets = new Map<string, Stay>()
    const connections = new Map<OpenConnection, { readonly identity: Identity; stay: Stay | undefined }>()
    let stopping = false

    const fork = yield* FiberSet.makeRuntime<never, void, never>()
    const run = (effect: Effect.Effect<void>): void => void fork(effect)
    const later = (ms: number, then: () => void) => run(Effect.sleep(ms).pipe(Effect.andThen(Effect.sync(then))))

    const dropRoom = (room: Room, why: "roomClosed" | "workerDied") => {
      if (rooms.get(room.name) === room) {
        rooms.delete(room.name)
      }
      room.close(why)
    }
    const dropIfEmpty = (room: Room) => {
      if (room.stays.size === 0 && !room.closed) {
        const { joins } = room
        later(emptyRoomMs, () => {
          if (room.stays.size === 0 && room.joins === joins) {
            dropRoom(room, "roomClosed")
          }
        })
      }
    }
    const places = yield* makeWorkers({
      count: options.workers ?? defaultWorkerCount(),
      listen: { ip: "127.0.0.1", enableTcp: true, ...options.listen },
      settings: { logLevel: "none", ...options.workerSettings },
      onDeath: (place, cause) => {
        run(Effect.logError(`A mediasoup worker died: ${String(cause)}`))
        for (const room of rooms.values()) {
          if (room.place === place) {
            dropRoom(room, "workerDied")
          }
        }
      }
    })
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        stopping = true
        for (const room of rooms.values()) {
          dropRoom(room, "roomClosed")
        }
        for (const connection of connections.keys()) {
          connection.close()
        }
      })
    )

    const leastLoaded = (): WorkerPlace | undefined =>
      places.filter(({ live }) => live !== undefined).toSorted((a, b) => a.peers - b.peers)[0]
    const roomOf = (name: string): Effect.Effect<Room, SfuRefusal> =>
      Effect.suspend(() => {
        const there = rooms.get(name)
        if (there !== undefined) {
          return Effect.succeed(there)
        }
        const place = leastLoaded()
        if (stopping || place?.live === undefined) {
          return Effect.fail(unavailable)
        }
        if (rooms.size >= limits.rooms) {
          return Effect.fail(tooMany("rooms", limits.rooms))
        }
        const room = new Room(name, place, place.live, codecs, (stay) => {
          secrets.delete(stay.secret)
          for (const held of connections.values()) {
            if (held.stay === stay) {
              held.stay = undefined
            }
          }
          dropIfEmpty(room)
        })
        rooms.set(name, room)
        dropIfEmpty(room)
        return Effect.succeed(room)
      })

    const admit = (identity: Identity, { room, token }: { readonly room: string; readonly token?: string }) =>
      Effect.suspend(() => authorise({ room, token, identity })).pipe(
        Effect.timeoutOrElse({ duration: limits.requestMs, orElse: () => Effect.fail(unavailable) }),
        Effect.filterOrFail(({ peer }) => isName(peer), () => unavailable)
      )

    const welcome = (stay: Stay, router: types.Router, resumed: boolean) => ({
      peer: stay.peer,
      resume: stay.secret,
      resumed,
      peers: [...stay.room.stays.keys()].filter((peer) => peer !== stay.peer),
      routerRtpCapabilities: router.rtpCapabilities
    })

    const join = (connection: OpenConnection, request: Extract<Incoming, { readonly method: "join" }>["request"]) =>
      Effect.gen(function*() {
        const held = connections.get(connection)
        if (held === undefined) {
          return yield* Effect.fail(unavailable)
        }
        const before = request.resume === undefined ? undefined : secrets.get(request.resume)
        if (before !== undefined && before.room.name === request.room) {
          const router = yield* routerOf(before.room)
          if (!before.over && connection.open) {
            const old = before.listener
            if (held.stay !== before) {
              held.stay?.end()
            }
            before.listener = connection
            held.stay = before
            if (old instanceof OpenConnection && old !== connection) {
              connections.get(old)!.stay = undefined
              old.close()
            }
            return welcome(before, router, true)
          }
        }
        const admitted = yield* admit(held.identity, request)
        const room = yield* roomOf(request.room)
        const router = yield* routerOf(room)
        if (room.closed || !connection.open) {
          return yield* Effect.fail(unavailable)
        }
        const same = room.stays.get(admitted.peer)
        if (same === undefined && room.stays.size >= limits.peersPerRoom) {
          return yield* Effect.fail(tooMany("peers in a room", limits.peersPerRoom))
        }
        held.stay?.end()
        same?.end("replaced")
        const stay = new Stay(room, admitted.peer, randomBytes(24).toString("base64url"), { ...limits, ...admitted.limits }, connection)
        held.stay = stay
        secrets.set(stay.secret, stay)
        room.add(stay)
        return welcome(stay, router, false)
      })
    const routerOf = (room: Room): Effect.Effect<types.Router, SfuRefusal> =>
      Effect.tryPromise({ try: () => room.router, catch: () => unavailable }).pipe(
        Effect.tapError(() => Effect.sync(() => dropRoom(room, "workerDied")))
      )

    const perform = (connection: OpenConnection, incoming: Incoming): Effect.Effect<object, SfuRefusal> =>
      Effect.suspend((): Effect.Effect<object, SfuRefusal> => {
        if (incoming.method === "join") {
          return join(connection, incoming.request)
        }
        const stay = connections.get(connection)?.stay
        if (incoming.method === "leave") {
          stay?.end()
          return Effect.succeed({})
        }
        if (stay === undefined) {
          return Effect.fail(wrongState("join first"))
        }
        // The handler of this method takes this method's request.
        const handle = handlers[incoming.method] as (context: HandlerContext, request: unknown) => Effect.Effect<object, SfuRefusal>
        return handle({ stay, limits }, incoming.request)
      })

    const closed = (connection: OpenConnection) => {
      const stay = connections.get(connection)?.stay
      connections.delete(connection)
      if (stay !== undefined && stay.listener === connection) {
        stay.listener = undefined
        const loss = ++stay.losses
        later(graceMs, () => {
          if (stay.listener === undefined && stay.losses === loss) {
            stay.end()
          }
        })
      }
    }
    const host: ConnectionHost = { limits, counts, perform, run, closed }

    return {
      connect: (identity) =>
        Effect.acquireRelease(
          Effect.gen(function*() {
            const outgoing = yield* Queue.dropping<string, Cause.Done>(limits.outgoing)
            const connection = new OpenConnection(host, outgoing)
            const refused = stopping || connections.size >= limits.connections
            connections.set(connection, { identity, stay: undefined })
            if (refused) {
              connection.close()
            }
            return {
              receive: (text: string) => connection.receive(text),
              outgoing: Stream.fromQueue(outgoing),
              close: Effect.sync(() => connection.close())
            }
          }),
          ({ close }) => close
        ),
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
            dropRoom(room, "roomClosed")
          }
          return room !== undefined
        }),
      figures: Effect.suspend(() => takeFigures(rooms.values(), places, connections.size, counts)),
      metricsText: Effect.suspend(() => takeFigures(rooms.values(), places, connections.size, counts)).pipe(Effect.map(metricsOf))
    }
  })
