/** Turns a small driver into a peer that keeps the port's promises, so that every adapter stays small. */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { WebRtcError, type WebRtcReason } from "../EnigmaRtcError.ts"
import { checkCandidate, type IceCandidate } from "../signaling/iceCandidate.ts"
import { checkSdp } from "../signaling/sessionDescription.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { Driver, DriverEvent } from "./Driver.ts"
import type { EngineEvent } from "./EngineEvent.ts"
import { eventFilter } from "./eventFilter.ts"
import type { RtcPeer } from "./RtcEngine.ts"

export interface FromDriver {
  /** The engine's name, for errors. */
  readonly engine: string
  readonly capabilities: Capabilities
  readonly operationTimeoutMs: number
  /** Opens the stack's connection, which tells its events by `emit`. */
  readonly open: (emit: (event: DriverEvent) => void) => Driver | Promise<Driver>
}

/** How many remote candidates wait for their description. */
const maxHeldCandidates = 64
/** How many events wait for a reader; a session reads at once. */
const maxEvents = 4_096

type Signaling = "stable" | "have-local-offer"

/** Stacks differ in which line endings they take; all take those of RFC 8866. */
const withCrLf = (sdp: string): string => `${sdp.split(/\r?\n/).filter((line) => line !== "").join("\r\n")}\r\n`

const ufragOf = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ""

export const fromDriver = (options: FromDriver): Effect.Effect<RtcPeer, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { engine, capabilities, operationTimeoutMs } = options
    const events = yield* Queue.sliding<EngineEvent, Cause.Done>(maxEvents)
    const queue = yield* Semaphore.make(1)
    const closing = yield* Deferred.make<void>()
    let driver: Driver | undefined
    let closed = false
    let signaling: Signaling = "stable"
    let hasRemote = false
    let held: Array<IceCandidate> = []

    const fail = (operation: string, reason: WebRtcReason, cause?: unknown) =>
      new WebRtcError({ engine, operation, reason, ...(cause === undefined ? {} : { cause }) })
    const tell = (event: EngineEvent) => {
      if (!closed) Queue.offerUnsafe(events, event)
    }
    const filter = eventFilter(tell)

    /** Runs what a stack does, which may throw, reject, or never settle. */
    const attempt = <A>(operation: string, run: (driver: Driver) => A | Promise<A>): Effect.Effect<A, WebRtcError> =>
      Effect.suspend(() => {
        const live = driver
        if (closed || live === undefined) return Effect.fail(fail(operation, { _tag: "Closed" }))
        return Effect.tryPromise({
          try: async () => run(live),
          catch: (cause) => (cause instanceof WebRtcError ? cause : fail(operation, { _tag: "Refused" }, cause))
        }).pipe(
          Effect.timeoutOrElse({
            duration: operationTimeoutMs,
            orElse: () => Effect.fail(fail(operation, { _tag: "Timeout", limitMs: operationTimeoutMs }))
          })
        )
      })
    const untilClosed = <A, R>(operation: string, effect: Effect.Effect<A, WebRtcError, R>) =>
      Effect.suspend(() => {
        const over = Effect.fail(fail(operation, { _tag: "Closed" }))
        return closed ? over : Effect.raceFirst(effect, Effect.andThen(Deferred.await(closing), over))
      })
    /** One at a time, in order, in the right signaling state. */
    const inTurn = <A>(operation: string, expected: Signaling | undefined, effect: Effect.Effect<A, WebRtcError>) =>
      untilClosed(
        operation,
        queue.withPermits(1)(
          Effect.suspend(() =>
            expected === undefined || signaling === expected
              ? effect
              : Effect.fail(fail(operation, { _tag: "WrongState", state: signaling, expected }))
          )
        )
      )

    const checked = <A, E>(operation: string, result: Result.Result<A, E>): Effect.Effect<A, WebRtcError> =>
      Result.isSuccess(result)
        ? Effect.succeed(result.success)
        : Effect.fail(fail(operation, { _tag: "Refused" }, result.failure))

    /** Makes a local description; its candidates are held back until it is handed out. */
    const describe = (operation: string, run: (driver: Driver) => string | Promise<string>) =>
      Effect.suspend(() => {
        filter.holdCandidates()
        return attempt(operation, run)
      }).pipe(
        Effect.flatMap((sdp) => checked(operation, checkSdp(sdp))),
        Effect.tap((sdp) => Effect.sync(() => filter.releaseCandidates(ufragOf(sdp)))),
        Effect.tapCause(() => Effect.sync(() => filter.dropCandidates()))
      )

    const add = (candidate: IceCandidate) =>
      attempt("addRemoteCandidate", (live) =>
        live.addRemoteCandidate(
          candidate.sdpMid === undefined && candidate.sdpMLineIndex === undefined
            ? { ...candidate, sdpMLineIndex: 0 }
            : candidate
        ))
    /** The remote description is set: what waited for it goes to the stack. */
    const addHeld = Effect.suspend(() => {
      hasRemote = true
      const waiting = held
      held = []
      return Effect.forEach(
        waiting,
        (candidate) =>
          Effect.catch(add(candidate), (error) =>
            Effect.sync(() => tell({ _tag: "CandidateRefused", candidate, error }))),
        { discard: true }
      )
    })

    // Whatever happens while the stack opens, its connection is closed with the scope, or as soon as it is there.
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        closed = true
        Deferred.doneUnsafe(closing, Effect.void)
        Queue.endUnsafe(events)
        const live = driver
        if (live === undefined) return Effect.void
        // In a fiber of its own, so that the limit holds also where the closing cannot be interrupted.
        const closingTime = Effect.timeoutOption(Effect.tryPromise(async () => live.close()), operationTimeoutMs)
        return Effect.flatMap(Effect.forkDetach(closingTime), Fiber.await)
      })
    )
    yield* Effect.tryPromise({
      try: async () => {
        const opened = await options.open(filter.take)
        if (closed) await opened.close()
        else driver = opened
      },
      catch: (cause) => (cause instanceof WebRtcError ? cause : fail("open", { _tag: "Refused" }, cause))
    }).pipe(
      Effect.timeoutOrElse({
        duration: operationTimeoutMs,
        orElse: () => Effect.fail(fail("open", { _tag: "Timeout", limitMs: operationTimeoutMs }))
      })
    )

    const unsupported = (operation: string, capability: keyof Capabilities) =>
      Effect.fail(fail(operation, { _tag: "Unsupported", capability }))

    return {
      events: Stream.fromQueue(events),
      setMedia: (intent) => inTurn("setMedia", undefined, attempt("setMedia", (live) => live.setMedia(intent))),
      createOffer: (offer = {}) =>
        inTurn(
          "createOffer",
          "stable",
          offer.iceRestart === true && !capabilities.iceRestart
            ? unsupported("createOffer", "iceRestart")
            : Effect.tap(
              describe("createOffer", (live) => live.createOffer(offer)),
              () => Effect.sync(() => { signaling = "have-local-offer" })
            )
        ),
      createAnswer: (offerSdp) =>
        inTurn(
          "createAnswer",
          "stable",
          Effect.flatMap(checked("createAnswer", checkSdp(offerSdp)), (sdp) =>
            Effect.tap(describe("createAnswer", (live) => live.createAnswer(withCrLf(sdp))), () => addHeld))
        ),
      applyAnswer: (answerSdp) =>
        inTurn(
          "applyAnswer",
          "have-local-offer",
          Effect.flatMap(checked("applyAnswer", checkSdp(answerSdp)), (sdp) =>
            Effect.tap(attempt("applyAnswer", (live) => live.applyAnswer(withCrLf(sdp))), () => {
              signaling = "stable"
              return addHeld
            }))
        ),
      rollback: inTurn(
        "rollback",
        "have-local-offer",
        Effect.suspend(() =>
          capabilities.rollback
            ? Effect.tap(attempt("rollback", (live) => live.rollback?.()), () =>
              Effect.sync(() => { signaling = "stable" }))
            : unsupported("rollback", "rollback")
        )
      ),
      addRemoteCandidate: (candidate) =>
        inTurn(
          "addRemoteCandidate",
          undefined,
          Effect.flatMap(checked("addRemoteCandidate", checkCandidate(candidate)), () => {
            if (!capabilities.remoteCandidates) return unsupported("addRemoteCandidate", "remoteCandidates")
            if (hasRemote) return add(candidate)
            if (held.length >= maxHeldCandidates) {
              const reason = { _tag: "TooMany", what: "candidates before their description", limit: maxHeldCandidates } as const
              return Effect.fail(fail("addRemoteCandidate", reason))
            }
            held.push(candidate)
            return Effect.void
          })
        ),
      openDataChannel: (label, data = {}) =>
        untilClosed(
          "openDataChannel",
          Effect.acquireRelease(
            attempt("openDataChannel", (live) => {
              if (live.openDataChannel === undefined || !capabilities.data) {
                throw fail("openDataChannel", { _tag: "Unsupported", capability: "data" })
              }
              return live.openDataChannel(label, data)
            }),
            (channel) => channel.close,
            { interruptible: true }
          )
        ),
      stats: untilClosed("stats", attempt("stats", (live) => live.stats()))
    }
  })
