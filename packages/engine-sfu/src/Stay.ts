/** One's stay in a room, as the server knows it: joined, gone on with after a lost connection, and begun anew when it is lost. */
import { type WebRtcError, withPageScheduler } from "@enigma-rtc/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { RtpCapabilities } from "mediasoup-client/types"
import type { SfuMethod, SfuNotification, SfuReply, SfuRequests } from "./protocol.ts"
import { isRefusal as isARefusal, isReply } from "./replies.ts"
import { refused, sfuError } from "./sfuError.ts"
import { type SfuRefused, type SfuSignaling, SfuUnreachable } from "./SfuSignaling.ts"

/** A stay: what is open at the server belongs to one, and is gone with it. */
export interface Stay {
  readonly peer: string
  readonly capabilities: RtpCapabilities
}

/** What is told of stays. */
export interface StayListener {
  /** A stay has begun; what an earlier one had open is gone. */
  readonly began: (stay: Stay, peers: ReadonlyArray<string>) => void
  /** The same stay goes on: what is open still. */
  readonly resumed: (open: SfuReply<"sync">) => void
  /** The stay is over, and with it all that it had open; another one may begin. */
  readonly lost: () => void
  /** There will be no other. */
  readonly over: (error: WebRtcError) => void
  readonly notified: (notification: SfuNotification) => void
}

export interface Stays {
  /** The stay that is on, or the next one, if it begins in time. */
  readonly current: () => Promise<Stay>
  /** Rejects with what the server refused, or that it cannot be reached, in time. */
  readonly request: <M extends SfuMethod>(method: M, request: SfuRequests[M]["request"]) => Promise<SfuReply<M>>
  /** Closes something at the server, when it can be reached again if need be; what it was opened in may be over by then. */
  readonly tidy: (...closing: Closing) => void
}

type Closing = {
  readonly [M in "closeTransport" | "closeProducer" | "closeConsumer"]: readonly [method: M, request: SfuRequests[M]["request"]]
}["closeTransport" | "closeProducer" | "closeConsumer"]

/** What an app may say to be let in: asked again each time that a stay begins, since tokens run out. */
export type Token = string | (() => string | Promise<string>)

interface Options {
  readonly room: string
  readonly token: Token | undefined
  readonly signaling: SfuSignaling
}

/** How long a reply may take. */
const replyMs = 8_000
/** How long somebody may wait for a stay to begin: less than an operation may take. */
const stayMs = 5_000
/** Between attempts to reach the server. */
const [firstBackoffMs, maxBackoffMs] = [250, 4_000]

/** So many requests are without a reply at a time: servers take no more than they have place for. */
const maxAtOnce = 64

const isRefusal = (error: SfuRefused | SfuUnreachable): error is SfuRefused => error._tag === "SfuRefused"

/** How long what is refused only for now waits, before it is asked for again. */
const tidyMs = 1_000
const isForNow = (error: SfuRefused | SfuUnreachable): boolean =>
  isRefusal(error) && (error.refusal.code === "tooMany" || error.refusal.code === "unavailable")

/** Joins, and stays until the scope closes. Fails when the first attempt does. */
export const openStays = (
  { room, signaling, token }: Options,
  listener: StayListener
): Effect.Effect<Stays, SfuRefused | SfuUnreachable, Scope.Scope> =>
  Effect.gen(function*() {
    let resume: string | undefined
    let stay: Stay | undefined
    let ended: WebRtcError | undefined
    let waiting = Deferred.makeUnsafe<Stay, WebRtcError>()
    /** What could not be closed yet, of the stay that is on. */
    const untidy = new Set<Closing>()
    const turns = Semaphore.makeUnsafe(maxAtOnce)

    const ask = <M extends SfuMethod>(method: M, request: SfuRequests[M]["request"]) =>
      turns.withPermits(1)(Effect.suspend(() => signaling.request(method, request))).pipe(
        Effect.timeoutOrElse({
          duration: replyMs,
          orElse: () => Effect.fail(new SfuUnreachable({ method, cause: new Error(`no reply within ${replyMs} ms`) }))
        }),
        Effect.filterOrFail((reply) => isReply(method, reply), () => new SfuUnreachable({ method, cause: new Error("what came is no reply to it") })),
        // What an app's signaling throws.
        Effect.catchDefect((cause) => Effect.fail(new SfuUnreachable({ method, cause }))),
        Effect.mapError((error) =>
          isRefusal(error) && !isARefusal(error.refusal) ? new SfuUnreachable({ method, cause: new Error("what came is no refusal") }) : error)
      )
    const tidy = (...closing: Closing) => {
      const { [0]: method, [1]: request } = closing
      untidy.add(closing)
      const asking = Effect.retry(ask(method, request), { while: isForNow, schedule: Schedule.spaced(tidyMs), times: 10 })
      Effect.runFork(withPageScheduler(Effect.matchEffect(asking, {
        // Closing what is closed succeeds; what is refused has gone with its stay.
        onSuccess: () => Effect.sync(() => untidy.delete(closing)),
        onFailure: (error) => Effect.sync(() => isRefusal(error) && untidy.delete(closing))
      })))
    }
    const lose = () => {
      if (stay === undefined) return
      stay = undefined
      resume = undefined
      untidy.clear()
      waiting = Deferred.makeUnsafe()
      listener.lost()
    }
    const over = (error: WebRtcError) => {
      if (ended !== undefined) return
      lose()
      ended = error
      Deferred.doneUnsafe(waiting, Effect.fail(error))
      listener.over(error)
    }
    const theToken = Effect.tryPromise({
      try: async () => (typeof token === "function" ? token() : token),
      catch: (cause) => new SfuUnreachable({ method: "join", cause })
    }).pipe(Effect.timeoutOrElse({
      duration: replyMs,
      orElse: () => Effect.fail(new SfuUnreachable({ method: "join", cause: new Error(`no token within ${replyMs} ms`) }))
    }))
    const join = Effect.gen(function*() {
      const said = yield* theToken
      const reply = yield* ask("join", { room, ...(said === undefined ? {} : { token: said }), ...(resume === undefined ? {} : { resume }) })
      const isSame = stay !== undefined && reply.resumed
      if (!isSame) lose()
      resume = reply.resume
      if (isSame) {
        const again = [...untidy]
        untidy.clear()
        for (const closing of again) tidy(...closing)
        return listener.resumed(yield* ask("sync", {}))
      }
      const begun = { peer: reply.peer, capabilities: reply.routerRtpCapabilities }
      stay = begun
      listener.began(begun, reply.peers)
      Deferred.doneUnsafe(waiting, Effect.succeed(begun))
    })
    /** Goes on as long as there is a connection, and the stay that it is for. */
    const listen = Stream.runForEachWhile(signaling.notifications, (notification) =>
      Effect.sync(() => {
        if (notification.event !== "ended") {
          listener.notified(notification)
          return true
        }
        const { why } = notification
        if (why === "removed" || why === "replaced") over(sfuError("stay", { _tag: "Closed" }, new Error(`the stay in the room was ${why}`)))
        else lose()
        return false
      }))
    const isOver = () => ended !== undefined
    const first = yield* Deferred.make<void, SfuRefused | SfuUnreachable>()
    const live = Effect.gen(function*() {
      let backoffMs = firstBackoffMs
      while (!isOver()) {
        // Read from before the reply to `join`: nothing that is told then is missed.
        const connected = Effect.gen(function*() {
          const listening = yield* Effect.forkScoped(listen, { startImmediately: true })
          yield* join
          backoffMs = firstBackoffMs
          yield* Deferred.succeed(first, undefined)
          // However it ends, it is read again.
          yield* Fiber.await(listening)
        })
        const result = yield* Effect.result(Effect.scoped(connected))
        if (result._tag === "Failure") {
          const error = result.failure
          if (yield* Deferred.fail(first, error)) return
          if (isRefusal(error) && (error.refusal.code === "unauthorised" || error.refusal.code === "invalid")) {
            return over(sfuError("join", { _tag: "Refused" }, error))
          }
          // A stay that the server knows no more is not asked for again.
          if (isRefusal(error)) lose()
        }
        // Those who lost the same worker do not all come back at the same time.
        yield* Effect.sleep(backoffMs * (0.5 + Math.random()))
        backoffMs = Math.min(backoffMs * 2, maxBackoffMs)
      }
    })
    yield* Effect.addFinalizer(() => {
      ended ??= sfuError("stay", { _tag: "Closed" })
      Deferred.doneUnsafe(waiting, Effect.fail(ended))
      return stay === undefined ? Effect.void : Effect.ignore(Effect.timeoutOption(signaling.request("leave", {}), 1_000))
    })
    yield* Effect.forkScoped(live, { startImmediately: true })
    yield* Deferred.await(first)

    return {
      current: () =>
        Effect.runPromise(withPageScheduler(Effect.timeoutOrElse(Effect.suspend(() => Deferred.await(waiting)), {
          duration: stayMs,
          orElse: () => Effect.fail(refused("join", new SfuUnreachable({ method: "join" })))
        }))),
      request: (method, request) => Effect.runPromise(withPageScheduler(ask(method, request))),
      tidy
    }
  })
