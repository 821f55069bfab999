/** A room at the relay, from the inside: the signaling channel that a `CallLine` needs, and who else is there. For pages and for Node. */
import { ChannelClosed, type Incoming, type SignalingChannel } from "@enigma-rtc/core"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { connectOnce, type Over } from "./connectOnce.ts"
import type { Peer, Refusal } from "./protocol.ts"
import type { RoomKey } from "./roomLink.ts"
import type { SocketLike } from "./SocketLike.ts"

/** How a client stands with its relay. */
export type RelayState =
  | { readonly _tag: "Connecting" }
  /** `again`: it was there before, and has been away. */
  | { readonly _tag: "Connected"; readonly self: Peer; readonly again: boolean }
  /** It is tried again after so long; `words` say why it is away. */
  | { readonly _tag: "Away"; readonly words: string; readonly againInMs: number }
  /** For good. */
  | { readonly _tag: "Refused"; readonly refusal: Refusal }

export interface RelayClientOptions extends RoomKey {
  /** Such as `wss://example.org/relay`. */
  readonly url: string
  readonly name: string
  /** Who comes with it again, after a reload for one, is the same peer: 22 to 64 letters, digits, `-` and `_`. Random without it. */
  readonly secret?: string
  /** Opens a WebSocket: the global one without it. */
  readonly open?: (url: string) => SocketLike
}

export interface RelayClient {
  /** Loses what is sent while the relay is away: `send` fails then. Fails for good when the relay refuses for good. */
  readonly channel: SignalingChannel
  /** Everybody else in the room: now, and whenever that changes. */
  readonly presence: Stream.Stream<ReadonlyArray<Peer>>
  /** Now, and whenever it changes. */
  readonly state: Stream.Stream<RelayState>
  /** Each time that the relay is there again: for `CallLine.reconnected`. */
  readonly reconnected: Stream.Stream<void>
  /** Succeeds when the room has been joined; fails when that is refused for good. */
  readonly joined: Effect.Effect<Peer, Refusal>
  /** Does not wait any longer for the next attempt: the network is there again, say. */
  readonly retryNow: Effect.Effect<void>
}

/** What may wait for the line to read it. A channel may lose texts. */
const mostWaiting = 4_096
const firstRetryMs = 250
const longestRetryMs = 5_000
/** A connection that held for so long was a good one: the next attempt comes soon. */
const goodMs = 5_000
/** What may wait in the socket (characters): beyond it the network does not take what is sent. */
const mostBuffered = 2 ** 20

/** 144 random bits. */
export const makeSecret = (): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => alphabet[byte % 64]).join("")
}

const openWebSocket = (url: string): SocketLike => new WebSocket(url)

/** Every client at once would be too much for a relay that has just come back. */
const spread = (ms: number): number => ms * (0.75 + Math.random() / 2)

const awayWords = ({ refusal, wasJoined }: Over): string =>
  refusal?.words ?? (wasJoined ? "The connection to the relay is lost." : "The relay cannot be reached.")

/** Joins a room, and comes back to it for ever, until the scope closes or the relay refuses for good. */
const make = (options: RelayClientOptions): Effect.Effect<RelayClient, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { name, open = openWebSocket, room, secret = makeSecret(), token, url } = options
    const incoming = yield* Queue.sliding<Incoming, ChannelClosed | Cause.Done>(mostWaiting)
    const presence = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
    const state = yield* SubscriptionRef.make<RelayState>({ _tag: "Connecting" })
    let socket: SocketLike | undefined
    let hasBeenThere = false
    let isOver = false
    let wake = Deferred.makeUnsafe<void>()
    const tell = (now: RelayState) => Effect.runSync(SubscriptionRef.set(state, now))

    const once = connectOnce({
      open: () => open(url),
      join: { type: "join", room, token, name, secret },
      onJoined: (joined, self) => {
        socket = joined
        tell({ _tag: "Connected", self, again: hasBeenThere })
        hasBeenThere = true
      },
      onPresent: (peers) => {
        if (JSON.stringify(peers) !== JSON.stringify(SubscriptionRef.getUnsafe(presence))) {
          Effect.runSync(SubscriptionRef.set(presence, peers))
        }
      },
      onText: (from, text) => void Queue.offerUnsafe(incoming, { peer: from, text })
    })
    const forGood = Effect.gen(function*() {
      let waitMs = firstRetryMs
      for (;;) {
        const sinceMs = Date.now()
        const over = yield* once
        socket = undefined
        if (over.refusal?.again === false) return over.refusal
        if (Date.now() - sinceMs > goodMs) waitMs = firstRetryMs
        const againInMs = spread(waitMs)
        waitMs = Math.min(2 * waitMs, longestRetryMs)
        tell({ _tag: "Away", words: awayWords(over), againInMs })
        wake = Deferred.makeUnsafe<void>()
        yield* Effect.race(Effect.sleep(againInMs), Deferred.await(wake))
      }
    })
    yield* Effect.addFinalizer(() => Effect.sync(() => {
      isOver = true
      Queue.endUnsafe(incoming)
    }))
    yield* Effect.forkScoped(Effect.map(forGood, (refusal) => {
      isOver = true
      tell({ _tag: "Refused", refusal })
      const cause = new Error(refusal.words)
      Queue.failCauseUnsafe(incoming, Cause.fail(new ChannelClosed({ operation: "receive", cause })))
    }), { startImmediately: true })

    const send = (text: string, to: string): Effect.Effect<void, ChannelClosed> =>
      Effect.suspend(() => {
        const now = isOver ? undefined : socket
        if (now === undefined || now.bufferedAmount > mostBuffered) {
          return Effect.fail(new ChannelClosed({ operation: "send" }))
        }
        return Effect.try({
          try: () => now.send(JSON.stringify({ type: "send", to, text })),
          catch: (cause) => new ChannelClosed({ operation: "send", cause })
        })
      })
    const states = SubscriptionRef.changes(state)
    const isSettled = (state: RelayState) => state._tag === "Connected" || state._tag === "Refused"
    return {
      channel: { send, incoming: Stream.fromQueue(incoming) },
      presence: SubscriptionRef.changes(presence),
      state: states,
      reconnected: Stream.map(Stream.filter(states, (state) => state._tag === "Connected" && state.again), () => {}),
      joined: Stream.runHead(Stream.filter(states, isSettled)).pipe(
        Effect.flatMap((settled) => {
          if (settled._tag === "None") return Effect.never
          if (settled.value._tag === "Refused") return Effect.fail(settled.value.refusal)
          return settled.value._tag === "Connected" ? Effect.succeed(settled.value.self) : Effect.never
        })
      ),
      retryNow: Effect.sync(() => void Deferred.doneUnsafe(wake, Effect.void))
    }
  })

/** Makes clients of the relay. */
export const RelayClient = { make }
