/** A room of an SFU: joined once, and then the media plane of every call in it. For apps. */
import { type WebRtcError, withPageScheduler } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { Plane } from "./Plane.ts"
import { refused, sfuError } from "./sfuError.ts"
import type { SfuSignaling } from "./SfuSignaling.ts"
import type { Stack } from "./Stack.ts"
import { openStays, type Token } from "./Stay.ts"

/** What joining a room needs, in a page and in Node. */
export interface RoomOptions {
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`. Only calls of one room reach each other. */
  readonly room: string
  /** What the server lets its peers in by, or what gives it: that is asked each time that a stay begins, since tokens run out. */
  readonly token?: Token
  readonly signaling: SfuSignaling
}

/** A room that has been joined. It is left when its scope closes. */
export interface SfuRoom {
  readonly room: string
  /** The name that the server gives this end, by which the others know it. It may be another one after a stay was lost. */
  readonly peer: Effect.Effect<string>
  /** The others that are there: now, and whenever one comes or goes. For group calls: one call to each. */
  readonly peers: Stream.Stream<ReadonlyArray<string>>
}

const planes = /*#__PURE__*/ new WeakMap<SfuRoom, Plane>()

/** The media plane of a room. For the engine. */
export const planeOf = (room: SfuRoom): Plane | undefined => planes.get(room)

/** Joins a room over a stack. For what is a page's, and for what is Node's. */
export const joinRoom = (options: RoomOptions, stack: Stack): Effect.Effect<SfuRoom, WebRtcError, Scope.Scope> =>
  withPageScheduler(Effect.gen(function*() {
    if (stack.lacks !== undefined) return yield* sfuError("join", { _tag: "Unsupported", capability: stack.lacks })
    const { room, signaling, token } = options
    if (!/^[\w.~-]{1,64}$/.test(room)) {
      return yield* sfuError("join", { _tag: "InvalidConfig", field: "room", expected: "1 to 64 characters of A-Z a-z 0-9 . _ ~ -" })
    }
    const peers = yield* SubscriptionRef.make<ReadonlyArray<string>>([])
    const peer = yield* SubscriptionRef.make("")
    const update = (next: (known: ReadonlyArray<string>) => ReadonlyArray<string>) => {
      Effect.runSync(SubscriptionRef.update(peers, next))
    }
    let plane: Plane | undefined
    const stays = yield* Effect.mapError(
      openStays({ room, signaling, token }, {
        began: (stay, there) => {
          Effect.runSync(SubscriptionRef.set(peer, stay.peer))
          update(() => there)
          plane?.began()
        },
        resumed: (open) => {
          update(() => open.peers)
          void plane?.resumed(open)
        },
        lost: () => plane?.lost(),
        over: (error) => plane?.members.forEach((member) => member.failed(error)),
        notified: (notification) => {
          if (notification.event === "peerJoined") update((known) => [...known.filter((one) => one !== notification.peer), notification.peer])
          else if (notification.event === "peerLeft") update((known) => known.filter((one) => one !== notification.peer))
          else plane?.notified(notification)
        }
      }),
      (cause) => refused("join", cause)
    )
    const made = new Plane(stack, stays)
    plane = made
    yield* Effect.addFinalizer(() => Effect.sync(() => made.close()))
    const joined: SfuRoom = { room, peer: SubscriptionRef.get(peer), peers: SubscriptionRef.changes(peers) }
    planes.set(joined, made)
    return joined
  }))
