/** ENG-300 to 399: candidates, found and taken (RFC 8838, RFC 8839). */
import { checkCandidate, type IceCandidate, readSections } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { negotiate, openPair, ufragOf, untilUp } from "../Pair.ts"
import { insist, neverDuring, until } from "../until.ts"

const found = (end: End): ReadonlyArray<IceCandidate> => end.told("LocalCandidate").map(({ candidate }) => candidate)

const real = (list: ReadonlyArray<IceCandidate>) => list.filter(({ candidate }) => candidate !== "")
const hasEnd = (end: End): boolean => found(end).some(({ candidate }) => candidate === "")

/** All candidates of a description: until their end, or, of an engine that does not tell it, until 2 s have passed. */
const untilFound = (end: End) =>
  Effect.gen(function*() {
    yield* until({ expected: "a local candidate" }, Effect.sync(() => (real(found(end)).length > 0 ? true : undefined)))
    yield* Effect.ignore(until({ expected: "the end of the candidates", withinMs: 2_000 }, Effect.sync(() => (hasEnd(end) ? true : undefined))))
    return found(end)
  })

const giveAll = (to: End, candidates: ReadonlyArray<IceCandidate>) => Effect.forEach(candidates, to.peer.addRemoteCandidate, { discard: true })

/** No stack sends anything there. */
const nowhere = "candidate:9 1 udp 1 127.0.0.1 9 typ host"

export const candidates: ReadonlyArray<Clause> = [
  {
    id: "ENG-300",
    level: "must",
    needs: ["remoteCandidates"],
    says: "no candidate is told before its description is handed out",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        let handedOut = false
        yield* Effect.forkScoped(Effect.tap(left.peer.createOffer(), () => Effect.sync(() => { handedOut = true })))
        // What was seen at a look and the offer was still to come at the next one was too early.
        let early = 0
        let seen = 0
        yield* until(
          { expected: "an offer" },
          Effect.sync(() => {
            if (handedOut) return true
            early = seen
            seen = found(left).length
            return undefined
          })
        )
        yield* insist(early === 0, "no candidate before the offer", () => `${early}`)
      })
  },
  {
    id: "ENG-301",
    level: "must",
    needs: ["remoteCandidates"],
    says: "each candidate is told once, by RFC 8839's grammar, with a section and the user name fragment of its description",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        const offer = yield* left.peer.createOffer()
        yield* untilFound(left)
        const mids = readSections(offer).map(({ mid }) => mid)
        const seen = new Set<string>()
        for (const { candidate, ufrag } of left.told("LocalCandidate")) {
          yield* insist(ufrag === ufragOf(offer), `the fragment ${ufragOf(offer)}`, () => ufrag || "none")
          yield* insist(
            // An end of candidates without a place is that of all sections (W3C WebRTC section 4.4.1.6).
            candidate.sdpMid === undefined
              ? candidate.sdpMLineIndex !== undefined || candidate.candidate === ""
              : mids.includes(candidate.sdpMid),
            `a mid of ${mids.join()}, or an index`,
            () => candidate.sdpMid ?? "neither"
          )
          const checked = checkCandidate(candidate)
          yield* insist(Result.isSuccess(checked), "a candidate by the grammar", () => (Result.isFailure(checked) ? checked.failure.message : ""))
          const key = JSON.stringify([candidate.candidate, candidate.sdpMid, candidate.sdpMLineIndex])
          yield* insist(!seen.has(key), "each candidate once", () => "one twice")
          seen.add(key)
        }
      })
  },
  {
    id: "ENG-302",
    level: "should",
    needs: ["remoteCandidates"],
    says: "the end of the candidates is told, once, after the last of them (RFC 8838 section 13)",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        yield* left.peer.createOffer()
        const end = (list: ReadonlyArray<IceCandidate>) => list.findIndex(({ candidate }) => candidate === "")
        yield* until({ expected: "the end of the candidates", withinMs: 8_000 }, Effect.sync(() => (hasEnd(left) ? true : undefined)))
        yield* neverDuring(
          "nothing after the end of the candidates",
          Effect.sync(() => found(left)[end(found(left)) + 1]?.candidate)
        )
      })
  },
  {
    id: "ENG-303",
    level: "must",
    needs: ["remoteCandidates"],
    says: "candidates that come before their description are kept for it",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench, { trickles: false })
        const offer = yield* pair.left.peer.createOffer()
        yield* giveAll(pair.right, real(yield* untilFound(pair.left)))
        const answer = yield* pair.right.peer.createAnswer(offer)
        yield* giveAll(pair.left, real(yield* untilFound(pair.right)))
        yield* pair.left.peer.applyAnswer(answer)
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-304",
    level: "must",
    needs: ["remoteCandidates"],
    says: "candidates that come in disorder, or again and again, do no harm",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench, { trickles: false })
        yield* negotiate(pair, pair.left, pair.right)
        const [ofLeft, ofRight] = [yield* untilFound(pair.left), yield* untilFound(pair.right)]
        for (let i = 0; i < 3; i++) {
          yield* giveAll(pair.right, real(ofLeft).toReversed())
          yield* giveAll(pair.left, real(ofRight).toReversed())
        }
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-305",
    level: "must",
    needs: ["remoteCandidates"],
    says: "a candidate is taken that names its section by index alone, or not at all",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench, { trickles: false })
        yield* negotiate(pair, pair.left, pair.right)
        yield* giveAll(pair.right, real(yield* untilFound(pair.left)).map(({ candidate }) => ({ candidate, sdpMLineIndex: 0 })))
        yield* giveAll(pair.left, real(yield* untilFound(pair.right)).map(({ candidate }) => ({ candidate })))
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-306",
    level: "must",
    needs: ["remoteCandidates"],
    says: "the end of the candidates is taken at any time",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        yield* pair.left.peer.addRemoteCandidate({ candidate: "" })
        yield* negotiate(pair, pair.left, pair.right)
        yield* untilUp(pair)
        yield* pair.left.peer.addRemoteCandidate({ candidate: "", sdpMLineIndex: 0 })
        yield* neverDuring("the link to stay up", Effect.sync(() => (pair.left.link() === "up" ? undefined : String(pair.left.link()))))
      })
  },
  {
    id: "ENG-307",
    level: "must",
    needs: ["remoteCandidates"],
    says: "a candidate for a section that there is not, or for somewhere where nobody is, does no harm",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const lost: ReadonlyArray<IceCandidate> = [
          { candidate: nowhere, sdpMid: "no such section" },
          { candidate: nowhere, sdpMLineIndex: 9 },
          { candidate: nowhere, sdpMLineIndex: 0 },
          { candidate: "candidate:8 1 tcp 1 127.0.0.1 9 typ host tcptype passive", sdpMLineIndex: 0 },
          { candidate: `${nowhere} ufrag nobodys`, sdpMLineIndex: 0 }
        ]
        const lose = (to: End) => Effect.forEach(lost, (one) => Effect.result(to.peer.addRemoteCandidate(one)))
        yield* lose(pair.left)
        yield* negotiate(pair, pair.left, pair.right)
        yield* lose(pair.right)
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-308",
    level: "must",
    needs: ["remoteCandidates"],
    says: "candidates without a description are bounded: those beyond fail with the reason TooMany",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        const give = (port: number) => Effect.result(left.peer.addRemoteCandidate({ candidate: `candidate:1 1 udp 1 127.0.0.1 ${port} typ host`, sdpMLineIndex: 0 }))
        const results = yield* Effect.forEach(Array.from({ length: 1_000 }, (_, i) => 10_000 + i), give)
        const kept = results.slice(0, 32).every(Result.isSuccess)
        yield* insist(kept, "the first 32 to be kept", () => "some of them refused")
        const refused = results.filter((result) => Result.isFailure(result) && result.failure.reason._tag === "TooMany")
        yield* insist(refused.length > 0, "TooMany at some of 1,000", () => "all kept, or dropped in silence")
      })
  }
]
