/** Turns a small driver into a peer that keeps the port's promises, so that every adapter stays small. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { InvalidSdp, type WebRtcError } from "../EnigmaRtcError.ts"
import { checkCandidate } from "../signaling/iceCandidate.ts"
import { checkSdp } from "../signaling/sessionDescription.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { Driver, DriverEvent } from "./Driver.ts"
import { driverOperations } from "./driverOperations.ts"
import type { EngineEvent } from "./EngineEvent.ts"
import { eventFilter } from "./eventFilter.ts"
import { readOneByOne } from "./readOneByOne.ts"
import { remoteCandidates } from "./remoteCandidates.ts"
import type { RtcPeer } from "./RtcEngine.ts"
import { unusableOption } from "./unusableOption.ts"

/** What `fromDriver` needs to know of an engine. */
export interface FromDriver {
  /** The engine's name, for errors. */
  readonly engine: string
  readonly capabilities: Capabilities
  readonly operationTimeoutMs: number
  /** Opens the stack's connection, which tells its events by `emit`. */
  readonly open: (emit: (event: DriverEvent) => void) => Driver | Promise<Driver>
}

/** What a driver may leave out, and the capability that it then lacks. */
const capabilityOf = { rollback: "rollback", openDataChannel: "data" } as const

const lackingIn = (driver: Driver | undefined, capabilities: Capabilities) =>
  (["rollback", "openDataChannel"] as const).find((method) => driver !== undefined && capabilities[capabilityOf[method]] && driver[method] === undefined)

/** How many events wait for a reader; a session reads at once. */
const maxEvents = 4_096

type Signaling = "stable" | "have-local-offer"

/** Stacks differ in which line endings they take; all take those of RFC 8866. */
const withCrLf = (sdp: string): string => `${sdp.split(/\r?\n/).filter((line) => line !== "").join("\r\n")}\r\n`

/** The kinds of a description's sections, in order. */
const shapeOf = (sdp: string): string => (sdp.match(/^m=\w+/gm) ?? []).join()

/** Stacks take an answer that has other sections than its offer, and are of no use afterwards. */
const checkAnswer = (answer: string, offer: string): Result.Result<string, InvalidSdp> =>
  Result.flatMap(checkSdp(answer), (sdp) =>
    shapeOf(sdp) === shapeOf(offer)
      ? Result.succeed(sdp)
      : Result.fail(new InvalidSdp({ at: "the sections", expected: "those of the offer, in its order (RFC 3264 section 6)" })))

const ufragOf = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ""

/**
 * Opens a driver's connection in the scope. Operations run one at a time, in order, each checked against the signaling
 * state and raced against close and `operationTimeoutMs`; descriptions and candidates are checked; candidates wait for
 * their descriptions, in both directions; events are told once.
 */
export const fromDriver = (options: FromDriver): Effect.Effect<RtcPeer, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { capabilities, operationTimeoutMs } = options
    const scope = yield* Effect.scope
    const events = yield* Queue.sliding<EngineEvent, Cause.Done>(maxEvents)
    let driver: Driver | undefined
    let signaling: Signaling = "stable"
    let offered = ""

    const operations = driverOperations(options.engine, operationTimeoutMs, () => driver)
    const { attempt, fail, inTurn, settle, untilClosed } = operations
    const tell = (event: EngineEvent) => {
      if (!operations.isClosed()) Queue.offerUnsafe(events, event)
    }
    const filter = eventFilter(tell)
    const candidates = remoteCandidates(operations, scope, (candidate, error) =>
      tell({ _tag: "CandidateRefused", candidate, error }))

    const unsupported = (operation: string, capability: keyof Capabilities) =>
      Effect.fail(fail(operation, { _tag: "Unsupported", capability }))
    const checked = <A, E>(operation: string, result: Result.Result<A, E>): Effect.Effect<A, WebRtcError> =>
      Result.isSuccess(result)
        ? Effect.succeed(result.success)
        : Effect.fail(fail(operation, { _tag: "Refused" }, result.failure))
    const inState = <A>(operation: string, expected: Signaling, effect: Effect.Effect<A, WebRtcError>) =>
      inTurn(
        operation,
        Effect.suspend(() =>
          signaling === expected ? effect : Effect.fail(fail(operation, { _tag: "WrongState", state: signaling, expected }))
        )
      )
    const become = (next: Signaling) =>
      Effect.sync(() => {
        signaling = next
      })

    /** The first round is over; a stack that makes one only is asked for no other. */
    let isNegotiated = false
    const negotiated = Effect.sync(() => {
      isNegotiated = true
    })
    const ifAble = <A>(operation: string, effect: () => Effect.Effect<A, WebRtcError>) =>
      Effect.suspend(() =>
        isNegotiated && !capabilities.renegotiation ? unsupported(operation, "renegotiation") : effect())

    /** Makes a local description; its candidates are held back until it is handed out. */
    const describe = (operation: string, run: (driver: Driver) => string | Promise<string>) =>
      Effect.suspend(() => {
        filter.holdCandidates()
        return attempt(operation, run)
      }).pipe(
        // What the driver gave, not what it was given: its author is told so.
        Effect.flatMap((sdp) =>
          checked(operation, Result.mapError(checkSdp(sdp), (cause) => new Error(`the driver's own description: ${cause.message}`, { cause })))),
        Effect.tap((sdp) => Effect.sync(() => filter.releaseCandidates(ufragOf(sdp)))),
        Effect.tapCause(() => Effect.sync(() => filter.dropCandidates()))
      )

    /** A candidate's turn: after what was asked for earlier, or once the stack has the description that is being set. */
    const candidateTurn = <A>(operation: string, effect: Effect.Effect<A, WebRtcError>) =>
      Effect.suspend(() => {
        if (operations.isClosed()) return Effect.fail(fail(operation, { _tag: "Closed" }))
        // Most come then, and a call waits for them.
        if (operations.isIdle() || candidates.isDescribed()) return effect
        let isTaken = false
        // Whichever comes first: the other one's turn may come before it is called off.
        const once = Effect.suspend(() => {
          if (isTaken) return Effect.never
          isTaken = true
          return effect
        })
        return Effect.raceFirst(inTurn(operation, once), Effect.andThen(candidates.untilDescribed, once))
      })
    const run = Effect.runForkWith(yield* Effect.context<never>())
    const take = (event: DriverEvent) => {
      if (event._tag !== "RemoteDescriptionSet") filter.take(event)
      else if (!operations.isClosed()) run(candidates.described)
    }

    // Whatever happens while the stack opens, its connection is closed with the scope, or as soon as it is there.
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        operations.close()
        Queue.endUnsafe(events)
        const live = driver
        if (live === undefined) return Effect.void
        // In a fiber of its own, so that the limit holds also where the closing cannot be interrupted.
        const closing = Effect.timeoutOption(Effect.tryPromise(async () => live.close()), operationTimeoutMs)
        return Effect.flatMap(Effect.forkDetach(closing), Fiber.await)
      })
    )
    yield* settle("open", async () => {
      const opened = await options.open(take)
      if (operations.isClosed()) return opened.close()
      driver = opened
    })
    const lacking = lackingIn(driver, capabilities)
    if (lacking !== undefined) {
      const expected = `${lacking} in the driver, or false`
      return yield* fail("open", { _tag: "InvalidConfig", field: `capabilities.${capabilityOf[lacking]}`, expected })
    }

    return {
      events: readOneByOne(events),
      setMedia: (intent) => inTurn("setMedia", attempt("setMedia", (live) => live.setMedia(intent))),
      createOffer: (offer = {}) =>
        inState(
          "createOffer",
          "stable",
          offer.iceRestart === true && !capabilities.iceRestart
            ? unsupported("createOffer", "iceRestart")
            : ifAble("createOffer", () =>
              Effect.tap(describe("createOffer", (live) => live.createOffer(offer)), (sdp) => {
                offered = sdp
                return become("have-local-offer")
              }))
        ),
      createAnswer: (offerSdp) =>
        inState(
          "createAnswer",
          "stable",
          ifAble("createAnswer", () =>
            Effect.flatMap(checked("createAnswer", checkSdp(offerSdp)), (sdp) =>
              Effect.tap(candidates.around(describe("createAnswer", (live) => live.createAnswer(withCrLf(sdp)))), () => negotiated)))
        ),
      applyAnswer: (answerSdp) =>
        inState(
          "applyAnswer",
          "have-local-offer",
          Effect.flatMap(Effect.suspend(() => checked("applyAnswer", checkAnswer(answerSdp, offered))), (sdp) =>
            candidates.around(attempt("applyAnswer", (live) => live.applyAnswer(withCrLf(sdp))))).pipe(
              Effect.andThen(become("stable")),
              Effect.andThen(negotiated)
            )
        ),
      rollback: inState(
        "rollback",
        "have-local-offer",
        capabilities.rollback
          ? Effect.andThen(attempt("rollback", (live) => live.rollback?.()), become("stable"))
          : unsupported("rollback", "rollback")
      ),
      addRemoteCandidate: (candidate) =>
        Effect.flatten(
          candidateTurn(
            "addRemoteCandidate",
            Effect.flatMap(checked("addRemoteCandidate", checkCandidate(candidate)), () =>
              capabilities.remoteCandidates
                ? candidates.take(candidate)
                : unsupported("addRemoteCandidate", "remoteCandidates"))
          )
        ),
      openDataChannel: (label, data = {}) =>
        untilClosed(
          "openDataChannel",
          Effect.acquireRelease(
            Effect.suspend(() => {
              const open = driver?.openDataChannel
              if (open === undefined || !capabilities.data) return unsupported("openDataChannel", "data")
              const bad = unusableOption(data)
              if (bad !== undefined) return Effect.fail(fail("openDataChannel", { _tag: "InvalidConfig", ...bad }))
              let abandoned = false
              return Effect.onError(
                attempt("openDataChannel", async (live) => {
                  const channel = await open.call(live, label, data)
                  if (abandoned) await Effect.runPromise(channel.close)
                  return channel
                }),
                () => Effect.sync(() => { abandoned = true })
              )
            }),
            (channel) => channel.close,
            { interruptible: true }
          )
        ),
      stats: untilClosed("stats", attempt("stats", (live) => live.stats()))
    }
  })
