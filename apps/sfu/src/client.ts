/** `@enigma-rtc/sfu-server/client`: engine-sfu's `SfuSignaling` over anything that carries text, and over a WebSocket. For pages too. */
import {
  type SfuMethod, type SfuNotification, type SfuRefusal, SfuRefused, type SfuReply, type SfuSignaling, SfuUnreachable
} from "@enigma-rtc/engine-sfu"
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"

/** A connection that carries text both ways. */
export interface TextLink {
  /** May throw when the connection is lost. */
  readonly send: (text: string) => void
  /** What the server sends. It ends, or fails, when the connection is lost. */
  readonly received: Stream.Stream<string, unknown>
}

/** How a lost connection is made again. */
export interface ReconnectOptions {
  /** The first wait, in milliseconds: 250, if left out. It doubles with each failure, and varies by a half of itself. */
  readonly firstMs?: number
  /** The longest wait, in milliseconds: 10 000, if left out. */
  readonly mostMs?: number
  /** How long a reply may be missing before the connection counts as lost, in milliseconds: 20 000, if left out. */
  readonly replyMs?: number
  /** How long a connection may be silent before the server is asked for a sign of life, in milliseconds: 20 000, if left out. */
  readonly idleMs?: number
}

type Frame =
  | { readonly id: number; readonly ok: object }
  | { readonly id: number; readonly refused: SfuRefusal }
  | SfuNotification

interface Waiting {
  readonly method: SfuMethod
  readonly reply: Deferred.Deferred<object, SfuRefused | SfuUnreachable>
}
/** One connection, with what waits for its replies. */
interface Link {
  readonly send: (text: string) => void
  readonly waiting: Map<number, Waiting>
  readonly notifications: Queue.Queue<SfuNotification, Cause.Done>
  readonly lost: Deferred.Deferred<void>
}

/** A request that the server replies to in any state; nobody waits for the reply. */
const signOfLife = JSON.stringify({ id: -1, method: "sync" })

const parse = (text: string): Frame | undefined => {
  try {
    const frame: unknown = JSON.parse(text)
    // The server is believed, if it speaks in objects.
    return typeof frame === "object" && frame !== null ? frame as Frame : undefined
  } catch {
    return undefined
  }
}

const take = (link: Link, frame: Frame | undefined): void => {
  if (frame === undefined) {
    return
  }
  if ("event" in frame) {
    Queue.offerUnsafe(link.notifications, frame)
    return
  }
  const waiting = link.waiting.get(frame.id)
  if (waiting !== undefined) {
    const { method, reply } = waiting
    Deferred.doneUnsafe(
      reply,
      "ok" in frame ? Effect.succeed(frame.ok) : Effect.fail(new SfuRefused({ method, refusal: frame.refused }))
    )
  }
}

/**
 * Signaling over connections that `open` makes, one after another: when one is lost, its requests fail, its notifications
 * end, and the next is made. `join` waits for a connection; any other request fails while there is none. Gives it when the
 * first attempt to connect has succeeded or failed.
 */
export const signalingOver = (
  open: Effect.Effect<TextLink, unknown, Scope.Scope>,
  { firstMs = 250, idleMs = 20_000, mostMs = 10_000, replyMs = 20_000 }: ReconnectOptions = {}
): Effect.Effect<SfuSignaling, never, Scope.Scope> =>
  Effect.gen(function*() {
    const current = yield* SubscriptionRef.make<Link | undefined>(undefined)
    const connected = SubscriptionRef.changes(current).pipe(
      Stream.filter((link) => link !== undefined),
      Stream.runHead,
      Effect.flatMap((link) => link._tag === "Some" ? Effect.succeed(link.value) : Effect.never)
    )
    const tried = yield* Deferred.make<void>()
    let failures = 0
    const once = Effect.scoped(Effect.gen(function*() {
      const { received, send } = yield* Effect.timeout(open, replyMs)
      let heard = 0
      const link: Link = {
        send,
        waiting: new Map(),
        notifications: yield* Queue.unbounded<SfuNotification, Cause.Done>(),
        lost: yield* Deferred.make<void>()
      }
      yield* Effect.acquireRelease(SubscriptionRef.set(current, link).pipe(Effect.andThen(Deferred.succeed(tried, undefined))), () =>
        SubscriptionRef.set(current, undefined).pipe(Effect.andThen(Effect.sync(() => {
          for (const { method, reply } of link.waiting.values()) {
            Deferred.doneUnsafe(reply, Effect.fail(new SfuUnreachable({ method })))
          }
          Queue.endUnsafe(link.notifications)
        }))))
      const hear = Stream.runForEach(received, (text) =>
        Effect.sync(() => {
          heard += 1
          failures = 0
          take(link, parse(text))
        }))
      // A page is not told of a server that is silent because it, or the way to it, is gone.
      const silence = Effect.gen(function*() {
        while (true) {
          const before = heard
          yield* Effect.sleep(idleMs)
          if (heard === before) {
            yield* Effect.try(() => send(signOfLife))
            yield* Effect.sleep(replyMs)
            if (heard === before) {
              return
            }
          }
        }
      })
      yield* Effect.raceAllFirst([hear, silence, Deferred.await(link.lost)])
    }))
    yield* Effect.forkScoped(Effect.forever(
      Effect.exit(once).pipe(
        Effect.andThen(Deferred.succeed(tried, undefined)),
        Effect.andThen(Effect.suspend(() => {
          failures += 1
          return Effect.sleep(Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 16)) * (0.5 + Math.random()))
        }))
      )
    ))
    yield* Deferred.await(tried)
    let next = 0
    return {
      request: (method, request) =>
        Effect.gen(function*() {
          const link = method === "join" ? yield* connected : yield* SubscriptionRef.get(current)
          if (link === undefined) {
            return yield* new SfuUnreachable({ method })
          }
          const id = next++
          const reply = yield* Deferred.make<object, SfuRefused | SfuUnreachable>()
          link.waiting.set(id, { method, reply })
          return yield* Effect.try({
            try: () => link.send(JSON.stringify({ ...request, id, method })),
            catch: (cause) => new SfuUnreachable({ method, cause })
          }).pipe(
            Effect.andThen(Deferred.await(reply)),
            Effect.timeoutOrElse({
              duration: replyMs,
              orElse: () => Deferred.succeed(link.lost, undefined).pipe(Effect.andThen(new SfuUnreachable({ method })))
            }),
            Effect.ensuring(Effect.sync(() => void link.waiting.delete(id))),
            // The server replies to each request in the shape of its method.
            Effect.map((ok) => ok as SfuReply<typeof method>)
          )
        }),
      notifications: Stream.unwrap(Effect.map(connected, ({ notifications }) => Stream.fromQueue(notifications)))
    }
  })

/** Signaling over a WebSocket to `url`, made again when it is lost, until the scope closes. */
export const webSocketSignaling = (
  url: string,
  options: ReconnectOptions & { readonly protocols?: ReadonlyArray<string> } = {}
): Effect.Effect<SfuSignaling, never, Scope.Scope> => signalingOver(openWebSocket(url, options.protocols ?? []), options)

const openWebSocket = (url: string, protocols: ReadonlyArray<string>): Effect.Effect<TextLink, unknown, Scope.Scope> =>
  Effect.gen(function*() {
    const received = yield* Queue.unbounded<string, Cause.Done>()
    const socket = yield* Effect.acquireRelease(
      Effect.try({ try: () => new WebSocket(url, [...protocols]), catch: (cause) => cause }),
      (socket) => Effect.sync(() => socket.close())
    )
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") {
        Queue.offerUnsafe(received, data)
      }
    })
    socket.addEventListener("close", () => Queue.endUnsafe(received))
    yield* Effect.callback<void, unknown>((resume) => {
      socket.addEventListener("open", () => resume(Effect.void))
      socket.addEventListener("close", ({ code, reason }) => resume(Effect.fail(`closed ${code} ${reason}`)))
      socket.addEventListener("error", () => resume(Effect.fail("no connection")))
    })
    return { send: (text) => socket.send(text), received: Stream.fromQueue(received) }
  })
