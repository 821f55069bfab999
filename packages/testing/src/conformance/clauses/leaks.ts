/** ENG-920 to 929: what is over leaves nothing open. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Bench } from "../Bench.ts"
import type { Clause, SetUpFault, Violation } from "../Clause.ts"
import { connect, openPair } from "../Pair.ts"
import { until, untilStill } from "../until.ts"

/** Sockets close in their own time. */
const lingerMs = 10_000

/** What the process itself may have opened meanwhile; a leak of every connection is many times that. */
const slack = 5

const untilSteady = (bench: Bench) => untilStill("what is open", bench.resources, lingerMs)

/** What is open after is at most what was open before, give or take. */
const untilFreed = (bench: Bench, before: number): Effect.Effect<number, SetUpFault | Violation> => {
  let open = before
  return until(
    { expected: `at most ${before + slack} open`, found: () => `${open}`, withinMs: lingerMs },
    Effect.map(bench.resources, (now) => {
      open = now
      return now <= before + slack ? now : undefined
    })
  )
}

export const leaks: ReadonlyArray<Clause> = [
  {
    id: "ENG-920",
    level: "must",
    needs: [],
    alone: true,
    limitMs: 40_000,
    says: "a hundred connections that are opened, offer and close leave nothing open",
    check: (bench) =>
      Effect.gen(function*() {
        const one = Effect.scoped(Effect.flatMap(openPair(bench, { trickles: false }), ({ left }) => left.peer.createOffer()))
        // What a stack opens once, for all of its connections, stays.
        yield* one
        const before = yield* untilSteady(bench)
        yield* Effect.forEach(Array.from({ length: 50 }), () => one, { concurrency: 5, discard: true })
        yield* untilFreed(bench, before)
      })
  },
  {
    id: "ENG-921",
    level: "must",
    needs: [],
    alone: true,
    limitMs: 40_000,
    says: "twenty calls in a row leave nothing open",
    check: (bench) =>
      Effect.gen(function*() {
        const one = Effect.scoped(connect(bench))
        yield* one
        const before = yield* untilSteady(bench)
        yield* Effect.forEach(Array.from({ length: 20 }), () => one, { concurrency: 2, discard: true })
        yield* untilFreed(bench, before)
      })
  },
  {
    id: "ENG-922",
    level: "must",
    needs: [],
    alone: true,
    limitMs: 40_000,
    says: "openings that are interrupted leave nothing open",
    check: (bench) =>
      Effect.gen(function*() {
        yield* Effect.scoped(openPair(bench, { trickles: false }))
        const before = yield* untilSteady(bench)
        const one = Effect.scoped(Effect.gen(function*() {
          const opening = yield* Effect.forkChild(Effect.scoped(openPair(bench, { trickles: false })), { startImmediately: true })
          yield* Fiber.interrupt(opening)
        }))
        yield* Effect.forEach(Array.from({ length: 20 }), () => one, { discard: true })
        yield* untilFreed(bench, before)
      })
  }
]
