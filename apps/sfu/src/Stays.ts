/** Who is in which room over which connection: how stays begin, are resumed, and end. */
import { randomBytes } from "node:crypto"
import type { SfuRefusal, SfuReply, SfuRequests } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { types } from "mediasoup"
import type { OpenConnection } from "./connection.ts"
import type { SfuLimits, SfuPeerLimits } from "./limits.ts"
import { tooMany, unavailable } from "./refusals.ts"
import { Name } from "./requests.ts"
import type { Room } from "./Room.ts"
import type { Rooms } from "./rooms.ts"
import { Stay } from "./Stay.ts"

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

interface StaysOptions<Identity> {
  readonly rooms: Rooms
  readonly limits: SfuLimits
  readonly graceMs: number
  readonly authorise: (admission: SfuAdmission<Identity>) => Effect.Effect<SfuAdmitted, SfuRefusal>
  readonly later: (ms: number, then: () => void) => void
}

type Join = SfuRequests["join"]["request"]
type Welcome = SfuReply<"join">
const isName = Schema.is(Name)

/** The stays of a server, and its connections. */
export class Stays<Identity> {
  readonly #options: StaysOptions<Identity>
  readonly #connections = new Map<OpenConnection, { readonly identity: Identity; stay: Stay | undefined }>()
  readonly #bySecret = new Map<string, Stay>()

  constructor(options: StaysOptions<Identity>) {
    this.#options = options
  }

  get connections(): Iterable<OpenConnection> {
    return this.#connections.keys()
  }

  get size(): number {
    return this.#connections.size
  }

  /** The stay over a connection. */
  of(connection: OpenConnection): Stay | undefined {
    return this.#connections.get(connection)?.stay
  }

  opened(connection: OpenConnection, identity: Identity): void {
    this.#connections.set(connection, { identity, stay: undefined })
  }

  /** The stay goes on without its connection for as long as the server waits for the next one. */
  closed(connection: OpenConnection): void {
    const stay = this.of(connection)
    this.#connections.delete(connection)
    if (stay === undefined || stay.listener !== connection) {
      return
    }
    stay.listener = undefined
    const loss = ++stay.losses
    this.#options.later(this.#options.graceMs, () => {
      if (stay.listener === undefined && stay.losses === loss) {
        stay.end()
      }
    })
  }

  /** A stay is over. */
  left(stay: Stay): void {
    this.#bySecret.delete(stay.secret)
    for (const held of this.#connections.values()) {
      if (held.stay === stay) {
        held.stay = undefined
      }
    }
  }

  join(connection: OpenConnection, request: Join): Effect.Effect<Welcome, SfuRefusal> {
    const before = request.resume === undefined ? undefined : this.#bySecret.get(request.resume)
    return before !== undefined && before.room.name === request.room
      ? this.#resume(connection, before)
      : this.#begin(connection, request)
  }

  #resume(connection: OpenConnection, stay: Stay): Effect.Effect<Welcome, SfuRefusal> {
    return this.#routerOf(stay.room).pipe(
      Effect.filterOrFail(() => !stay.over && connection.open, () => unavailable),
      Effect.map((router) => {
        const old = stay.listener
        stay.listener = connection
        this.#hold(connection, stay)
        // The client has given it up, whether or not it is known to be lost.
        if (old !== connection) {
          old?.close()
        }
        return welcome(stay, router, true)
      })
    )
  }

  #begin(connection: OpenConnection, request: Join): Effect.Effect<Welcome, SfuRefusal> {
    const { rooms } = this.#options
    return Effect.flatMap(this.#admit(connection, request), (admitted) =>
      Effect.flatMap(rooms.open(request.room), (room) =>
        Effect.ensuring(this.#enter(connection, admitted, room), Effect.sync(() => rooms.arrived(room)))))
  }

  #enter(connection: OpenConnection, { limits: own, peer }: SfuAdmitted, room: Room): Effect.Effect<Welcome, SfuRefusal> {
    const { limits } = this.#options
    return Effect.gen({ self: this }, function*() {
      const router = yield* this.#routerOf(room)
      if (room.closed || !connection.open) {
        return yield* Effect.fail(unavailable)
      }
      const same = room.stays.get(peer)
      if (same === undefined && room.stays.size >= limits.peersPerRoom) {
        return yield* Effect.fail(tooMany("peers in a room", limits.peersPerRoom))
      }
      const stay = new Stay(room, peer, randomBytes(24).toString("base64url"), { ...limits, ...own }, connection)
      // A client that joins again over the same connection is not told that it was replaced.
      this.#hold(connection, stay)
      same?.end("replaced")
      this.#bySecret.set(stay.secret, stay)
      room.add(stay)
      return welcome(stay, router, false)
    })
  }

  /** Puts a stay to a connection, in place of the one that was over it. */
  #hold(connection: OpenConnection, stay: Stay): void {
    const held = this.#connections.get(connection)
    if (held !== undefined && held.stay !== stay) {
      held.stay?.end()
      held.stay = stay
    }
  }

  #admit(connection: OpenConnection, { room, token }: Join): Effect.Effect<SfuAdmitted, SfuRefusal> {
    const { authorise, limits } = this.#options
    return Effect.suspend(() => {
      const held = this.#connections.get(connection)
      return held === undefined ? Effect.fail(unavailable) : authorise({ room, token, identity: held.identity })
    }).pipe(
      Effect.timeoutOrElse({ duration: limits.requestMs, orElse: () => Effect.fail(unavailable) }),
      Effect.filterOrFail(({ peer }) => isName(peer), () => unavailable)
    )
  }

  #routerOf(room: Room): Effect.Effect<types.Router, SfuRefusal> {
    return Effect.tryPromise({ try: () => room.router, catch: () => unavailable }).pipe(
      Effect.tapError(() => Effect.sync(() => this.#options.rooms.drop(room, "workerDied")))
    )
  }
}

const welcome = (stay: Stay, router: types.Router, resumed: boolean): Welcome => ({
  peer: stay.peer,
  resume: stay.secret,
  resumed,
  peers: [...stay.room.stays.keys()].filter((peer) => peer !== stay.peer),
  // The client's types name fewer header extensions.
  routerRtpCapabilities: router.rtpCapabilities as Welcome["routerRtpCapabilities"]
})
