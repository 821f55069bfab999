/** ENG-110 to 199: rules that hold for every operation, one clause for each. */
import type { Capabilities, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { Bench } from "../Bench.ts"
import { type Clause, type ClauseId, Violation } from "../Clause.ts"
import { connect, negotiate, openPair, type Pair, untilUp } from "../Pair.ts"
import { insist } from "../until.ts"
import { makeLimited, makeReady, type Operation, operations } from "./operations.ts"

/** How long anything may take that must not wait for the far end. */
const promptMs = 3_000

const promptly = <A, E, R>(what: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | Violation, R> =>
  Effect.timeoutOrElse(effect, {
    duration: promptMs,
    orElse: () => Effect.fail(new Violation({ expected: `${what} to settle within ${promptMs} ms`, found: "it still runs" }))
  })

/** The error, which names the engine and the operation, or a violation. */
const failureOf = <A, R>(
  { engines }: Bench,
  operation: string,
  effect: Effect.Effect<A, WebRtcError, R>
): Effect.Effect<WebRtcError, Violation, R> =>
  Effect.flatMap(promptly(operation, Effect.result(effect)), (result) =>
    Result.isSuccess(result)
      ? Effect.fail(new Violation({ expected: `${operation} to fail`, found: "it succeeded" }))
      : Effect.as(
        insist(
          result.failure.engine === engines.left.name && result.failure.operation === operation,
          `the error to name the engine ${engines.left.name} and the operation ${operation}`,
          () => `${result.failure.engine} and ${result.failure.operation}`
        ),
        result.failure
      ))

const insistReason = (error: WebRtcError, tag: WebRtcError["reason"]["_tag"]) =>
  insist(error.reason._tag === tag, `the reason ${tag}`, () => `${error.reason._tag} (${error.message})`)

const afterClose = (operation: Operation, at: number): Clause => ({
  id: `ENG-${110 + at}`,
  level: "must",
  needs: operation.needs,
  says: `after close, ${operation.name} fails with the reason Closed`,
  check: (bench) =>
    Effect.gen(function*() {
      const ready = yield* makeReady(bench, operation)
      yield* ready.end.close
      yield* insistReason(yield* failureOf(bench, operation.name, operation.run(bench, ready)), "Closed")
    })
})

const whileClosing = (operation: Operation, at: number): Clause => ({
  id: `ENG-${120 + at}`,
  level: "must",
  needs: operation.needs,
  says: `${operation.name} that is under way when the connection closes settles, done or with the reason Closed`,
  check: (bench) =>
    Effect.gen(function*() {
      const ready = yield* makeReady(bench, operation)
      const running = yield* Effect.forkScoped(Effect.result(operation.run(bench, ready)), { startImmediately: true })
      yield* ready.end.close
      const result = yield* promptly(operation.name, Fiber.join(running))
      if (Result.isFailure(result)) yield* insistReason(result.failure, "Closed")
    })
})

/** A limit that an operation may well run into, and how far beyond it a loaded machine may notice. */
const shortLimitMs = 300
const noticeMs = 1_200

const isTimeout = ({ reason }: WebRtcError): boolean => reason._tag === "Timeout"

const withinLimit = (operation: Operation, at: number): Clause => ({
  id: `ENG-${130 + at}`,
  level: "must",
  needs: operation.needs,
  says: `${operation.name} keeps to operationTimeoutMs: it is done by then, or fails with the reason Timeout`,
  check: (bench) =>
    Effect.gen(function*() {
      const ready = yield* Effect.result(makeLimited(bench, operation, shortLimitMs))
      // What had to be done before may have run into the limit, too.
      if (Result.isFailure(ready)) return yield* isTimeout(ready.failure) ? Effect.void : Effect.fail(ready.failure)
      const limitMs = shortLimitMs + noticeMs
      const result = yield* Effect.timeoutOrElse(Effect.result(operation.run(bench, ready.success)), {
        duration: limitMs,
        orElse: () => Effect.fail(new Violation({ expected: `${operation.name} to settle within ${limitMs} ms`, found: "it still runs" }))
      })
      if (Result.isFailure(result)) yield* insistReason(result.failure, "Timeout")
    })
})

interface Prepared {
  /** What must fail. */
  readonly fails: Effect.Effect<unknown, WebRtcError, Scope.Scope>
  /** The round that must still be possible. */
  readonly afterwards: Effect.Effect<unknown, WebRtcError>
}

/** Something that an operation must not take, or not now. */
interface Refusal {
  readonly operation: Operation["name"]
  readonly needs: ReadonlyArray<keyof Capabilities>
  readonly what: string
  /** Opens further ends where descriptions of somebody else are needed. */
  readonly prepare: (pair: Pair, others: Effect.Effect<Pair, WebRtcError, Scope.Scope>) => Effect.Effect<Prepared, WebRtcError, Scope.Scope>
}

/** The left end's offer is out, and the right end can answer it. */
const offered = (pair: Pair, fails: Prepared["fails"]): Effect.Effect<Prepared, WebRtcError> =>
  Effect.map(pair.left.peer.createOffer(), (offer) => ({
    fails,
    afterwards: Effect.flatMap(pair.answer(pair.right, offer), (answer) => pair.apply(pair.left, answer))
  }))
const stable = (pair: Pair, fails: Prepared["fails"]): Effect.Effect<Prepared> =>
  Effect.succeed({ fails, afterwards: negotiate(pair, pair.left, pair.right) })

const badInputs: ReadonlyArray<Refusal> = [
  {
    operation: "createAnswer",
    needs: [],
    what: "text that is no SDP",
    prepare: (pair) => stable(pair, pair.left.peer.createAnswer("not sdp at all"))
  },
  {
    operation: "createAnswer",
    needs: [],
    what: "an offer without ICE credentials",
    prepare: (pair) =>
      Effect.map(pair.right.peer.createOffer(), (offer) => ({
        fails: pair.left.peer.createAnswer(offer.replaceAll(/^a=ice-(ufrag|pwd):.*\r?\n/gm, "")),
        afterwards: Effect.flatMap(pair.answer(pair.left, offer), (answer) => pair.apply(pair.right, answer))
      }))
  },
  {
    operation: "applyAnswer",
    needs: [],
    what: "text that is no SDP",
    prepare: (pair) => offered(pair, pair.left.peer.applyAnswer("not sdp at all"))
  },
  {
    operation: "addRemoteCandidate",
    needs: ["remoteCandidates"],
    what: "text that is no candidate",
    prepare: (pair) =>
      stable(pair, pair.left.peer.addRemoteCandidate({ candidate: "candidate:1 1 udp x 127.0.0.1 9 typ host", sdpMLineIndex: 0 }))
  }
]

/** Without its last section: well-formed, and no answer to its offer (RFC 3264 section 6). */
const shortened = (answer: string): string => {
  const sections = answer.split(/^(?=m=)/m)
  const [, mid] = /^a=mid:(\S+)/m.exec(sections.at(-1) ?? "") ?? []
  return sections.slice(0, -1).join("").replace(new RegExp(`^(a=group:BUNDLE.*?) ${mid}(?=[ \r\n])`, "m"), "$1")
}

/** It has passed core's grammar: only the stack itself can refuse it. */
const badAnswer: Refusal = {
  operation: "applyAnswer",
  needs: [],
  what: "an answer that lacks a section of its offer",
  prepare: (pair) =>
    Effect.gen(function*() {
      const offer = yield* pair.left.peer.createOffer()
      const answer = yield* pair.answer(pair.right, offer)
      return { fails: pair.left.peer.applyAnswer(shortened(answer)), afterwards: pair.apply(pair.left, answer) }
    })
}

const wrongStates: ReadonlyArray<Refusal> = [
  { operation: "createOffer", needs: [], what: "while an offer is out", prepare: (pair) => offered(pair, pair.left.peer.createOffer()) },
  {
    operation: "createAnswer",
    needs: [],
    what: "while an offer is out",
    prepare: (pair, others) =>
      Effect.gen(function*() {
        const offer = yield* (yield* others).left.peer.createOffer()
        return yield* offered(pair, pair.left.peer.createAnswer(offer))
      })
  },
  {
    operation: "applyAnswer",
    needs: [],
    what: "while no offer is out",
    prepare: (pair, others) =>
      Effect.gen(function*() {
        const { left, right } = yield* others
        const answer = yield* Effect.flatMap(left.peer.createOffer(), right.peer.createAnswer)
        return yield* stable(pair, pair.left.peer.applyAnswer(answer))
      })
  },
  {
    operation: "rollback",
    needs: ["rollback"],
    what: "while no offer is out",
    prepare: (pair) => stable(pair, pair.left.peer.rollback)
  }
]

const refusal = (
  id: ClauseId,
  says: string,
  { needs, operation, prepare }: Refusal,
  look: (error: WebRtcError) => Effect.Effect<void, Violation>
): Clause => ({
  id,
  level: "must",
  needs,
  says,
  check: (bench) =>
    Effect.gen(function*() {
      const pair = yield* openPair(bench)
      const { afterwards, fails } = yield* prepare(pair, openPair(bench, { trickles: false }))
      yield* look(yield* failureOf(bench, operation, fails))
      yield* afterwards
      yield* untilUp(pair)
    })
})

const refusesInput = (bad: Refusal, at: number): Clause =>
  refusal(`ENG-${140 + at}`, `${bad.operation} refuses ${bad.what} with the reason and the cause, and all is as before`, bad, (error) =>
    Effect.andThen(insistReason(error, "Refused"), insist(error.cause !== undefined, "the cause", () => "none")))

const refusesState = (wrong: Refusal, at: number): Clause =>
  refusal(`ENG-${150 + at}`, `${wrong.operation} ${wrong.what} fails with the reason WrongState, and all is as before`, wrong, (error) =>
    insistReason(error, "WrongState"))

/** What an engine cannot do, asked for. */
interface Unable {
  readonly capability: keyof Capabilities
  readonly operation: Operation["name"]
  readonly ask: (bench: Bench) => Effect.Effect<unknown, WebRtcError | Violation, Scope.Scope>
}

const fails = (bench: Bench, { capability, operation }: Unable, effect: Effect.Effect<unknown, WebRtcError, Scope.Scope>) =>
  Effect.flatMap(failureOf(bench, operation, effect), ({ message, reason }) =>
    insist(
      reason._tag === "Unsupported" && reason.capability === capability,
      `the reason Unsupported ${capability}`,
      () => message
    ))

const unables: ReadonlyArray<Unable> = [
  {
    capability: "rollback",
    operation: "rollback",
    ask(bench) {
      return Effect.gen({ self: this }, function*() {
        const { left } = yield* openPair(bench)
        yield* left.peer.createOffer()
        yield* fails(bench, this, left.peer.rollback)
      })
    }
  },
  {
    capability: "renegotiation",
    operation: "createOffer",
    ask(bench) {
      return Effect.flatMap(connect(bench), ({ left }) => fails(bench, this, left.peer.createOffer()))
    }
  },
  {
    capability: "renegotiation",
    operation: "createAnswer",
    ask(bench) {
      return Effect.flatMap(connect(bench), ({ left, round }) => fails(bench, this, left.peer.createAnswer(round.offer)))
    }
  },
  {
    capability: "iceRestart",
    operation: "createOffer",
    ask(bench) {
      return Effect.flatMap(connect(bench), ({ left }) => fails(bench, this, left.peer.createOffer({ iceRestart: true })))
    }
  },
  {
    capability: "data",
    operation: "openDataChannel",
    ask(bench) {
      return Effect.flatMap(connect(bench), ({ left }) => fails(bench, this, left.peer.openDataChannel("a channel")))
    }
  },
  {
    capability: "remoteCandidates",
    operation: "addRemoteCandidate",
    ask(bench) {
      return Effect.flatMap(openPair(bench), ({ left }) => fails(bench, this, left.peer.addRemoteCandidate({ candidate: "" })))
    }
  }
]

const saysWhatItLacks = (unable: Unable, at: number): Clause => ({
  id: `ENG-${160 + at}`,
  level: "must",
  needs: [],
  lacks: unable.capability,
  says: `without the capability ${unable.capability}, ${unable.operation} fails with the reason Unsupported`,
  check: (bench) => unable.ask(bench)
})

export const traits: ReadonlyArray<Clause> = [
  ...operations.map(afterClose),
  ...operations.map(whileClosing),
  ...operations.map(withinLimit),
  ...badInputs.map(refusesInput),
  { ...refusesInput(badAnswer, badInputs.length), needs: ["media", "data"] },
  ...wrongStates.map(refusesState),
  ...unables.map(saysWhatItLacks)
]
