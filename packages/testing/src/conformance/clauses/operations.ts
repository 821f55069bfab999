/** Every operation of a connection, as rules that hold for all of them need it. */
import type { Capabilities, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Bench } from "../Bench.ts"
import { type End, openEnd } from "../End.ts"
import { negotiate, openPair, type Pair } from "../Pair.ts"

interface Ready {
  readonly end: End
  readonly sdp: string
}

export interface Operation {
  readonly name: "setMedia" | "createOffer" | "createAnswer" | "applyAnswer" | "rollback" | "addRemoteCandidate" | "openDataChannel" | "stats"
  readonly needs: ReadonlyArray<keyof Capabilities>
  /** The left end of a pair, in a state in which the operation is legal, and the description that it takes. */
  readonly ready: (pair: Pair) => Effect.Effect<string, WebRtcError>
  /** The same where the operation has to wait for the far end, for the check of its limit. */
  readonly waits?: (pair: Pair) => Effect.Effect<string, WebRtcError>
  readonly run: (bench: Bench, ready: Ready) => Effect.Effect<unknown, WebRtcError, Scope.Scope>
}

const fresh = () => Effect.succeed("")

export const operations: ReadonlyArray<Operation> = [
  { name: "setMedia", needs: [], ready: fresh, run: (bench, { end }) => end.peer.setMedia(bench.intent()) },
  { name: "createOffer", needs: [], ready: fresh, run: (_, { end }) => end.peer.createOffer() },
  {
    name: "createAnswer",
    needs: [],
    ready: ({ right }) => right.peer.createOffer(),
    run: (_, { end, sdp }) => end.peer.createAnswer(sdp)
  },
  {
    name: "applyAnswer",
    needs: [],
    ready: ({ left, right }) => Effect.flatMap(left.peer.createOffer(), right.peer.createAnswer),
    run: (_, { end, sdp }) => end.peer.applyAnswer(sdp)
  },
  {
    name: "rollback",
    needs: ["rollback"],
    ready: ({ left }) => left.peer.createOffer(),
    run: (_, { end }) => end.peer.rollback
  },
  {
    name: "addRemoteCandidate",
    needs: ["remoteCandidates"],
    ready: ({ left, right }) => Effect.as(Effect.flatMap(right.peer.createOffer(), left.peer.createAnswer), ""),
    run: (_, { end }) =>
      end.peer.addRemoteCandidate({ candidate: "candidate:1 1 udp 2113937151 127.0.0.1 9 typ host", sdpMLineIndex: 0 })
  },
  {
    name: "openDataChannel",
    needs: ["data"],
    ready: fresh,
    // No candidate goes over: it cannot open, if it needs any.
    waits: (pair) => Effect.as(negotiate(pair, pair.left, pair.right), ""),
    run: (_, { end }) => end.peer.openDataChannel("a channel")
  },
  { name: "stats", needs: [], ready: fresh, run: (_, { end }) => end.peer.stats }
]

/** The left end of a new pair, ready for the operation. */
export const makeReady = (bench: Bench, { ready }: Operation): Effect.Effect<Ready, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const pair = yield* openPair(bench)
    return { end: pair.left, sdp: yield* ready(pair) }
  })

/** The same, with a limit of its own for each operation of the left end, from its opening on. */
export const makeLimited = (
  bench: Bench,
  { ready, waits = ready }: Operation,
  operationTimeoutMs: number
): Effect.Effect<Ready, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const pair = yield* openPair(bench, { trickles: false })
    const left = yield* openEnd(bench.engines.left, bench.config({ operationTimeoutMs }), bench.intent())
    return { end: left, sdp: yield* waits({ ...pair, left }) }
  })
