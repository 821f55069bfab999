/** ENG-910 to 919: events, each once and in order, kept until they are read. */
import type { EngineEvent } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Bench } from "../Bench.ts"
import { type Clause, Violation } from "../Clause.ts"
import { openPair } from "../Pair.ts"
import { insist, neverDuring } from "../until.ts"

/** A connection whose events nobody reads yet, connected to the right end of a pair. */
const connectUnread = (bench: Bench) =>
  Effect.gen(function*() {
    const { right } = yield* openPair(bench, { trickles: false })
    const scope = yield* Scope.make()
    const close = Scope.close(scope, Exit.void)
    yield* Effect.addFinalizer(() => close)
    const peer = yield* Scope.provide(bench.engines.left.open(bench.config(), bench.intent()), scope)
    const answer = yield* Effect.flatMap(peer.createOffer(), right.peer.createAnswer)
    yield* peer.applyAnswer(answer)
    // The right reaches the left by the candidates that the left is given.
    yield* Effect.forkScoped(Effect.gen(function*() {
      for (let given = 0;;) {
        const found = right.told("LocalCandidate")
        for (; given < found.length; given++) yield* Effect.ignore(peer.addRemoteCandidate(found[given]?.candidate ?? { candidate: "" }))
        yield* Effect.sleep(5)
      }
    }))
    yield* right.untilLink("up")
    // By then the left's is up, too, and has told of it.
    yield* neverDuring("the right's link to stay up", Effect.sync(() => (right.link() === "up" ? undefined : String(right.link()))))
    return { peer, close }
  })

const tag = (event: EngineEvent): string => (event._tag === "Link" ? `Link ${event.state}` : event._tag)

const readUntil = (peer: { readonly events: Stream.Stream<EngineEvent> }, last: string) =>
  Effect.timeoutOrElse(Stream.runCollect(Stream.takeUntil(peer.events, (event) => tag(event) === last)), {
    duration: 5_000,
    orElse: () => Effect.fail(new Violation({ expected: `${last} among the events`, found: "none within 5 s" }))
  })

export const events: ReadonlyArray<Clause> = [
  {
    id: "ENG-910",
    level: "must",
    needs: [],
    says: "events are kept until they are read, in the order in which they happened",
    check: (bench) =>
      Effect.gen(function*() {
        const { peer } = yield* connectUnread(bench)
        const tags = (yield* readUntil(peer, "Link up")).map(tag)
        yield* insist(tags.indexOf("Link connecting") >= 0, "Link connecting before Link up", () => tags.join(", "))
        if (bench.capabilities.remoteCandidates) yield* insist(tags.includes("LocalCandidate"), "the local candidates", () => tags.join(", "))
      })
  },
  {
    id: "ENG-911",
    level: "must",
    needs: [],
    says: "what one reader of the events has not taken, the next one gets, and nothing twice",
    check: (bench) =>
      Effect.gen(function*() {
        const { peer } = yield* connectUnread(bench)
        const first = (yield* readUntil(peer, "Link connecting")).map(tag)
        const second = (yield* readUntil(peer, "Link up")).map(tag)
        yield* insist(!second.includes("Link connecting"), "Link connecting once", () => [...first, "|", ...second].join(", "))
      })
  },
  {
    id: "ENG-912",
    level: "must",
    needs: [],
    says: "the events end when the connection closes: for who reads then, and for who comes later",
    check: (bench) =>
      Effect.gen(function*() {
        const { close, peer } = yield* connectUnread(bench)
        const reading = yield* Effect.forkScoped(Stream.runDrain(peer.events), { startImmediately: true })
        yield* close
        for (const [who, reader] of [["the reader", Fiber.join(reading)], ["a later reader", Stream.runDrain(peer.events)]] as const) {
          yield* Effect.timeoutOrElse(reader, {
            duration: 3_000,
            orElse: () => Effect.fail(new Violation({ expected: `the events to end for ${who}`, found: "they go on" }))
          })
        }
      })
  }
]
