/** ENG-400 to 499: the media path, as it comes up, breaks and heals. */
import * as Effect from "effect/Effect"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { connect, negotiate, openPair } from "../Pair.ts"
import { insist, neverDuring, until } from "../until.ts"

const statesOf = (end: End): string => end.told("Link").map(({ state }) => state).join(", ")

/** How long a stack may take to see that nothing comes any more; RFC 7675 allows 30 s. */
const noticeMs = 20_000

/** Another certificate's fingerprint of the same kind. */
const withOtherFingerprint = (sdp: string): string =>
  sdp.replaceAll(/^(a=fingerprint:\S+ )(.*)$/gm, (_, name: string, hex: string) =>
    name + hex.replaceAll(/[0-9a-f]/gi, (digit) => (15 - Number.parseInt(digit, 16)).toString(16).toUpperCase()))

export const links: ReadonlyArray<Clause> = [
  {
    id: "ENG-400",
    level: "must",
    needs: [],
    says: "the link is told to be connecting and then up, once each, at both ends, and stays so",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        yield* neverDuring(
          "connecting, up at both ends",
          Effect.sync(() => [left, right].map(statesOf).find((states) => states !== "connecting, up"))
        )
      })
  },
  {
    id: "ENG-401",
    level: "must",
    needs: [],
    says: "the link is not up before both descriptions are set",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const offer = yield* pair.left.peer.createOffer()
        yield* pair.answer(pair.right, offer)
        yield* neverDuring("the link not to be up without the answer", Effect.sync(() => (pair.left.link() === "up" ? "up" : undefined)))
      })
  },
  {
    id: "ENG-402",
    level: "must",
    needs: ["remoteCandidates"],
    says: "the link is never up with a far end whose certificate is not the described one (RFC 8827 section 6.5)",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const offer = yield* pair.left.peer.createOffer()
        const answer = yield* pair.answer(pair.right, offer)
        // A stack may refuse it at once.
        yield* Effect.ignore(pair.apply(pair.left, withOtherFingerprint(answer)))
        for (let i = 0; i < 4; i++) {
          yield* neverDuring("the link not to be up", Effect.sync(() => (pair.left.link() === "up" ? "up" : undefined)))
        }
      })
  },
  {
    id: "ENG-403",
    level: "must",
    needs: [],
    limitMs: 30_000,
    says: "a far end that closes is told as interrupted or failed within 20 s",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        yield* right.close
        yield* until(
          { expected: "interrupted or failed", found: () => statesOf(left), withinMs: noticeMs },
          Effect.sync(() => (left.link() === "interrupted" || left.link() === "failed" ? true : undefined))
        )
      })
  },
  {
    id: "ENG-404",
    level: "must",
    needs: ["remoteCandidates"],
    limitMs: 50_000,
    says: "a path that breaks is told as interrupted within 20 s, and as up again when it heals",
    check: (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.path
        const { left, right } = yield* connect(bench, { path })
        yield* path.cut
        yield* Effect.all([left.untilLink("interrupted", noticeMs), right.untilLink("interrupted", noticeMs)], { concurrency: 2 })
        yield* path.mend
        yield* Effect.all([left.untilLink("up", noticeMs), right.untilLink("up", noticeMs)], { concurrency: 2 })
      })
  },
  {
    id: "ENG-405",
    level: "must",
    needs: ["remoteCandidates"],
    says: "the link does not come up without a path",
    check: (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.path
        yield* path.cut
        const pair = yield* openPair(bench, { path })
        yield* negotiate(pair, pair.left, pair.right)
        yield* neverDuring("the link not to be up", Effect.sync(() => (pair.left.link() === "up" || pair.right.link() === "up" ? "up" : undefined)))
        yield* path.mend
        yield* Effect.all([pair.left.untilLink("up"), pair.right.untilLink("up")], { concurrency: 2 })
        yield* insist(!statesOf(pair.left).includes("interrupted"), "no interruption of what was never up", () => statesOf(pair.left))
      })
  }
]
