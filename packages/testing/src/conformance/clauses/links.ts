/** ENG-400 to 499: the media path, as it comes up, breaks and heals. */
import * as Effect from "effect/Effect"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { connect, negotiate, openPair } from "../Pair.ts"
import { insist, neverDuring, until } from "../until.ts"

const statesOf = (end: End): string => end.told("Link").map(({ state }) => state).join(", ")

/** Consent to send runs out after 30 s (RFC 7675 section 5.1): by then any stack has noticed, give or take. */
const noticeMs = 35_000
/** What users can bear. */
const soonMs = 20_000

const isDown = (end: End): boolean => end.link() === "interrupted" || end.link() === "failed"
const untilDown = (end: End, withinMs: number) =>
  until({ expected: "interrupted or failed", found: () => statesOf(end), withinMs }, Effect.sync(() => (isDown(end) ? true : undefined)))

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
        const [first, second] = [yield* openPair(bench), yield* openPair(bench)]
        // In the answer to the one, who offers must notice; in the offer to the other, who answers. A stack may refuse it.
        const answer = yield* Effect.flatMap(first.left.peer.createOffer(), (offer) => first.answer(first.right, offer))
        yield* Effect.ignore(first.apply(first.left, withOtherFingerprint(answer)))
        const offer = yield* second.left.peer.createOffer()
        yield* Effect.ignore(Effect.flatMap(second.answer(second.right, withOtherFingerprint(offer)), (reply) => second.apply(second.left, reply)))
        // By the time that an honest pair is up, these would be.
        yield* connect(bench)
        for (let i = 0; i < 4; i++) {
          yield* neverDuring(
            "the link not to be up",
            Effect.sync(() => (first.left.link() === "up" || second.right.link() === "up" ? "up" : undefined))
          )
        }
      })
  },
  {
    id: "ENG-403",
    level: "must",
    needs: [],
    limitMs: 60_000,
    says: "a far end that closes is told as interrupted or failed within 35 s",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        yield* right.close
        yield* untilDown(left, noticeMs)
      })
  },
  {
    id: "ENG-404",
    level: "must",
    needs: [],
    limitMs: 60_000,
    says: "a path that breaks is told as interrupted or failed within 35 s, at both ends (RFC 7675)",
    check: (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.path
        const { left, right } = yield* connect(bench, { path })
        yield* path.cut
        yield* Effect.all([untilDown(left, noticeMs), untilDown(right, noticeMs)], { concurrency: 2 })
      })
  },
  {
    id: "ENG-405",
    level: "must",
    needs: [],
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
  },
  {
    id: "ENG-406",
    level: "should",
    needs: [],
    limitMs: 60_000,
    says: "a path that breaks is told as interrupted within 20 s, and as up again when it heals soon",
    check: (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.path
        const { left, right } = yield* connect(bench, { path })
        yield* path.cut
        yield* Effect.all([left.untilLink("interrupted", soonMs), right.untilLink("interrupted", soonMs)], { concurrency: 2 })
        yield* path.mend
        yield* Effect.all([left.untilLink("up", soonMs), right.untilLink("up", soonMs)], { concurrency: 2 })
      })
  },
  {
    id: "ENG-407",
    level: "should",
    needs: [],
    limitMs: 60_000,
    says: "a path that stays broken is told as failed within 45 s, once",
    check: (bench) =>
      Effect.gen(function*() {
        const path = yield* bench.path
        const { left } = yield* connect(bench, { path })
        yield* path.cut
        yield* left.untilLink("failed", 45_000)
        yield* neverDuring("nothing after it", Effect.sync(() => (left.link() === "failed" ? undefined : statesOf(left))))
        yield* insist(left.told("Link").filter(({ state }) => state === "failed").length === 1, "failed once", () => statesOf(left))
      })
  }
]
