/** ENG-800 to 899: ICE restarts in a call (RFC 8445 section 9, RFC 9429 section 5.2.3). */
import type { OfferOptions } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { connect, negotiate, ufragOf, untilUp } from "../Pair.ts"
import { openFlow } from "../flow.ts"
import { insist, neverDuring, until } from "../until.ts"

const restart: OfferOptions = { iceRestart: true }

const pwdOf = (sdp: string): string => /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1] ?? ""

export const restarts: ReadonlyArray<Clause> = [
  {
    id: "ENG-800",
    level: "must",
    needs: ["iceRestart", "renegotiation"],
    says: "an offer that restarts ICE has new credentials, and so has its answer",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const round = yield* negotiate(pair, pair.left, pair.right, restart)
        for (const kind of ["offer", "answer"] as const) {
          const [before, after] = [pair.round[kind], round[kind]]
          yield* insist(ufragOf(before) !== ufragOf(after) && pwdOf(before) !== pwdOf(after), `a new user name fragment and password in the ${kind}`, () => "old ones")
        }
      })
  },
  {
    id: "ENG-801",
    level: "must",
    needs: ["iceRestart", "renegotiation"],
    says: "media goes on after a restart by either end, and the link is up",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const stillFlows = yield* openFlow(bench, pair)
        for (const [from, to] of [[pair.left, pair.right], [pair.right, pair.left]] as const) {
          yield* negotiate(pair, from, to, restart)
          yield* untilUp(pair)
          yield* stillFlows
        }
        const told = [pair.left, pair.right].flatMap((end) => end.told("Link").map(({ state }) => state))
        yield* insist(!told.includes("failed"), "no failure", () => told.join(", "))
      })
  },
  {
    id: "ENG-802",
    level: "must",
    needs: ["iceRestart", "renegotiation", "remoteCandidates"],
    says: "the candidates that a restart finds are told with its user name fragment",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const { answer, offer } = yield* negotiate(pair, pair.left, pair.right, restart)
        for (const [end, sdp] of [[pair.left, offer], [pair.right, answer]] as const) {
          yield* until(
            { expected: `a candidate with the fragment ${ufragOf(sdp)}`, found: () => end.told("LocalCandidate").map(({ ufrag }) => ufrag).join() },
            Effect.sync(() => (end.told("LocalCandidate").some(({ candidate, ufrag }) => candidate.candidate !== "" && ufrag === ufragOf(sdp)) ? true : undefined))
          )
        }
      })
  },
  {
    id: "ENG-803",
    level: "must",
    needs: ["iceRestart", "renegotiation"],
    limitMs: 80_000,
    says: "a restart over a path that has healed brings an interrupted link up",
    check: (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.path
        const pair = yield* connect(bench, { path })
        const stillFlows = yield* openFlow(bench, pair)
        yield* path.cut
        const untilDown = (end: End) =>
          until({ expected: "interrupted or failed", withinMs: 35_000 }, Effect.sync(() => (end.link() === "up" ? undefined : true)))
        yield* Effect.all([untilDown(pair.left), untilDown(pair.right)], { concurrency: 2 })
        yield* path.mend
        yield* negotiate(pair, pair.left, pair.right, restart)
        yield* untilUp(pair, 20_000)
        yield* stillFlows
      })
  },
  {
    id: "ENG-804",
    level: "must",
    needs: ["iceRestart", "renegotiation", "rollback"],
    says: "a restart that is taken back leaves media as it is, and the next one works",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const stillFlows = yield* openFlow(bench, pair)
        yield* pair.left.peer.createOffer(restart)
        yield* pair.left.peer.rollback
        yield* stillFlows
        yield* negotiate(pair, pair.right, pair.left)
        yield* stillFlows
        yield* negotiate(pair, pair.left, pair.right, restart)
        yield* untilUp(pair)
        yield* stillFlows
      })
  },
  {
    id: "ENG-805",
    level: "must",
    needs: ["iceRestart", "renegotiation", "remoteCandidates"],
    says: "candidates of the credentials before a restart do no harm after it",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const stillFlows = yield* openFlow(bench, pair)
        const old = pair.left.told("LocalCandidate")
        const { offer } = yield* negotiate(pair, pair.left, pair.right, restart)
        yield* until(
          { expected: "a candidate of the restart" },
          Effect.sync(() => (pair.left.told("LocalCandidate").some(({ ufrag }) => ufrag === ufragOf(offer)) ? true : undefined))
        )
        yield* untilUp(pair)
        yield* stillFlows
        yield* Effect.forEach(old, ({ candidate, ufrag }) =>
          Effect.ignore(pair.right.peer.addRemoteCandidate({ ...candidate, candidate: candidate.candidate && `${candidate.candidate.replace(/ ufrag \S+/, "")} ufrag ${ufrag}` })))
        yield* neverDuring("the link to stay up", Effect.sync(() => (pair.right.link() === "up" ? undefined : String(pair.right.link()))))
        yield* stillFlows
      })
  },
  {
    id: "ENG-806",
    level: "must",
    needs: ["iceRestart", "renegotiation", "media"],
    says: "ICE may restart on hold, and media is there after it",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const stillFlows = yield* openFlow(bench, pair)
        for (const hold of [true, false]) {
          yield* pair.left.peer.setMedia(bench.intent({ hold }))
          yield* pair.right.peer.setMedia(bench.intent({ hold }))
          yield* negotiate(pair, pair.left, pair.right)
          if (hold) yield* negotiate(pair, pair.left, pair.right, restart)
        }
        yield* untilUp(pair)
        yield* stillFlows
      })
  },
  {
    id: "ENG-807",
    level: "must",
    needs: ["iceRestart", "renegotiation", "remoteCandidates"],
    limitMs: 60_000,
    says: "a restart finds another path: when the old one breaks after it, all goes on",
    check: (bench) =>
      Effect.gen(function*() {
        const [old, other] = [yield* bench.path, yield* bench.path]
        let path = old
        const pair = yield* connect(bench, { path: { ...old, carry: (candidate) => path.carry(candidate) } })
        const stillFlows = yield* openFlow(bench, pair)
        path = other
        const { answer, offer } = yield* negotiate(pair, pair.left, pair.right, restart)
        for (const [end, sdp] of [[pair.left, offer], [pair.right, answer]] as const) {
          yield* until(
            { expected: "the end of the restart's candidates, or 2 s", withinMs: 2_000 },
            Effect.sync(() => (end.told("LocalCandidate").some(({ candidate, ufrag }) => candidate.candidate === "" && ufrag === ufragOf(sdp)) ? true : undefined))
          ).pipe(Effect.ignore)
        }
        yield* stillFlows
        yield* old.cut
        yield* untilUp(pair, 35_000)
        yield* stillFlows
        for (let i = 0; i < 3; i++) {
          yield* neverDuring("the link to stay up over the other path", Effect.sync(() => (pair.left.link() === "up" ? undefined : String(pair.left.link()))))
        }
        yield* stillFlows
      })
  }
]
