/** ENG-100 to 109: opening and closing a connection. */
import * as Effect from "effect/Effect"
import type { Clause } from "../Clause.ts"
import { openEnd } from "../End.ts"
import { connect, openPair } from "../Pair.ts"
import { insist, neverDuring, until } from "../until.ts"

/** How long a closing may take, with a limit of 10 s for an operation of the engine. */
const closingMs = 12_000

export const opening: ReadonlyArray<Clause> = [
  {
    id: "ENG-100",
    level: "must",
    needs: [],
    says: "the engine has a name, and the capabilities that its author declares",
    check: ({ capabilities, engines }) =>
      Effect.gen(function*() {
        for (const engine of [engines.left, engines.right]) {
          yield* insist(engine.name !== "", "a name", () => "none")
          const other = Object.entries(capabilities).filter(([name, has]) => Object.entries(engine.capabilities).some(([key, is]) => key === name && is !== has))
          yield* insist(other.length === 0, "the declared capabilities", () => `other than declared: ${other.map(([name]) => name).join(", ")}`)
        }
      })
  },
  {
    id: "ENG-101",
    level: "must",
    needs: [],
    says: "a connection that is only open tells nothing",
    check: (bench) =>
      Effect.gen(function*() {
        const end = yield* openEnd(bench.engines.left, bench.config(), bench.intent())
        yield* neverDuring("no event before the first description", Effect.sync(() => end.events[0]?._tag))
      })
  },
  {
    id: "ENG-102",
    level: "must",
    needs: [],
    says: "closing ends the events",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        yield* left.peer.createOffer()
        yield* left.close
        yield* until({ expected: "the events to end", found: () => "the stream goes on" }, Effect.sync(() => (left.hasEnded() ? true : undefined)))
      })
  },
  {
    id: "ENG-103",
    level: "must",
    needs: [],
    says: "closing settles: when nothing was done, when an offer is out, and in a call",
    check: (bench) =>
      Effect.gen(function*() {
        const fresh = yield* openPair(bench)
        const offering = yield* openPair(bench)
        yield* offering.left.peer.createOffer()
        const connected = yield* connect(bench)
        for (const [when, { left }] of Object.entries({ "when fresh": fresh, "with an offer out": offering, "in a call": connected })) {
          let closed = false
          yield* Effect.forkScoped(Effect.andThen(left.close, Effect.sync(() => { closed = true })))
          yield* until(
            { expected: `the closing ${when} to settle`, found: () => "it hangs", withinMs: closingMs },
            Effect.sync(() => (closed ? true : undefined))
          )
        }
      })
  },
  {
    id: "ENG-104",
    level: "must",
    needs: [],
    says: "closing one connection leaves the others of the engine as they are",
    check: (bench) =>
      Effect.gen(function*() {
        const other = yield* openPair(bench)
        const { left, right } = yield* connect(bench)
        yield* other.left.peer.createOffer()
        yield* other.left.close
        yield* other.right.close
        yield* neverDuring(
          "the link of the other connection to stay up",
          Effect.sync(() => {
            const states = [left.link(), right.link()]
            return states.every((state) => state === "up") ? undefined : states.join(" and ")
          })
        )
        yield* left.peer.stats
      })
  }
]
