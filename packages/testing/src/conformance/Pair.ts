/** Two ends that negotiate and connect, candidates trickling between them. For clauses. */
import type { IceCandidate, MediaChange, OfferOptions, RtcConfigInput, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Bench, Side } from "./Bench.ts"
import { Violation } from "./Clause.ts"
import { type End, openEnd } from "./End.ts"
import type { BreakablePath } from "./EngineUnderTest.ts"
import { insist } from "./until.ts"

/** What differs from microphone, camera and data both ways. */
export interface PairOptions {
  readonly left?: MediaChange
  readonly right?: MediaChange
  readonly config?: RtcConfigInput
  readonly path?: BreakablePath
  /** Do candidates go over by themselves? Default true. */
  readonly trickles?: boolean
}

export interface Pair {
  readonly left: End
  readonly right: End
  /** The candidates that an end was given and did not take, with their errors. */
  readonly refused: ReadonlyArray<string>
  /** The user name fragments of candidates that went nowhere, since no description has them. */
  readonly withheld: () => string
  /** An end answers the other's offer; from then on it gets the candidates of the offer's ICE credentials. */
  readonly answer: (by: End, offer: string) => Effect.Effect<string, WebRtcError>
  /** An end applies the other's answer; from then on it gets the candidates of the answer's ICE credentials. */
  readonly apply: (by: End, answer: string) => Effect.Effect<void, WebRtcError>
}

/** A round: the offer and the answer as they were handed out. */
export interface Round {
  readonly offer: string
  readonly answer: string
}

const candidateLine = /^a=(candidate:.*?)\r?\n/gm

/** The candidates that stand in a description, each with the section that it stands in. */
const candidatesIn = (sdp: string): ReadonlyArray<IceCandidate> =>
  sdp.split(/^(?=m=)/m).slice(1).flatMap((section, sdpMLineIndex) => {
    const [, sdpMid] = /^a=mid:(\S+)/m.exec(section) ?? []
    return [...section.matchAll(candidateLine)].map(([, candidate = ""]) => ({
      candidate,
      sdpMLineIndex,
      ...(sdpMid === undefined ? {} : { sdpMid })
    }))
  })

interface Found {
  readonly candidate: IceCandidate
  readonly ufrag: string
}

/**
 * Hands every local candidate of one end to the other, in order, each when its description has been. `waiting` holds those
 * that name the credentials of no description yet.
 */
const trickle = (from: End, described: ReadonlySet<string>, waiting: Array<Found>, give: (candidate: IceCandidate) => Effect.Effect<void>) =>
  Effect.gen(function*() {
    for (let read = 0;;) {
      for (; read < from.events.length; read++) {
        const event = from.events[read]
        if (event?._tag === "LocalCandidate") waiting.push(event)
      }
      const ready = waiting.filter(({ ufrag }) => described.has(ufrag))
      waiting.splice(0, waiting.length, ...waiting.filter((one) => !ready.includes(one)))
      for (const { candidate } of ready) yield* give(candidate)
      yield* Effect.sleep(2)
    }
  })

/** The first ICE user name fragment of a description (RFC 8839 section 5.4). */
export const ufragOf = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ""

/** Opens both ends, which close with the scope. */
export const openPair = (
  bench: Bench,
  { config, left: leftChange, path, right: rightChange, trickles = true }: PairOptions = {}
): Effect.Effect<Pair, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const open = (side: Side, change: MediaChange | undefined) =>
      openEnd(bench.engines[side], bench.config(config), bench.intent(change), side)
    const left = yield* open("left", leftChange)
    const right = yield* open("right", rightChange)
    const refused: Array<string> = []
    const giveTo = (to: End) => (candidate: IceCandidate) =>
      Effect.flatMap(path === undefined ? Effect.succeed(candidate) : path.carry(candidate), to.peer.addRemoteCandidate).pipe(
        Effect.catch((error) => Effect.sync(() => {
          if (error.reason._tag !== "Closed") refused.push(error.message)
        }))
      )
    /** Whose candidates may go over now: by the user name fragments of the descriptions that have. */
    const described = new Set<string>()
    const [ofLeft, ofRight]: [Array<Found>, Array<Found>] = [[], []]
    if (trickles && bench.capabilities.remoteCandidates) {
      yield* Effect.forkScoped(trickle(left, described, ofLeft, giveTo(right)))
      yield* Effect.forkScoped(trickle(right, described, ofRight, giveTo(left)))
    }
    const carried = <A>(to: End, sdp: string, take: (sdp: string) => Effect.Effect<A, WebRtcError>) =>
      Effect.tap(take(path === undefined ? sdp : sdp.replace(candidateLine, "")), () => {
        for (const [, ufrag = ""] of sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)) described.add(ufrag)
        return path === undefined ? Effect.void : Effect.forEach(candidatesIn(sdp), giveTo(to), { discard: true })
      })
    return {
      left,
      right,
      refused,
      withheld: () => [...ofLeft, ...ofRight].map(({ ufrag }) => `"${ufrag}"`).join(", "),
      answer: (by, offer) => carried(by, offer, by.peer.createAnswer),
      apply: (by, answer) => carried(by, answer, by.peer.applyAnswer)
    }
  })

/** One round, offered by `from`. */
export const negotiate = (pair: Pair, from: End, to: End, options?: OfferOptions): Effect.Effect<Round, WebRtcError> =>
  Effect.gen(function*() {
    const offer = yield* from.peer.createOffer(options)
    const answer = yield* pair.answer(to, offer)
    yield* pair.apply(from, answer)
    return { offer, answer }
  })

export const untilUp = ({ left, refused, right, withheld }: Pair, withinMs?: number): Effect.Effect<void, Violation> =>
  Effect.all([left.untilLink("up", withinMs), right.untilLink("up", withinMs)], { concurrency: 2, discard: true }).pipe(
    Effect.mapError(({ expected, found }) =>
      new Violation({
        expected,
        found: withheld() === "" ? found : `${found}; candidates whose user name fragment is in no description: ${withheld()}`
      })),
    Effect.andThen(Effect.suspend(() => insist(refused.length === 0, "every candidate of the far end to be taken", () => refused.join("; "))))
  )

/** A pair that is connected, and its first round, offered by the left. */
export const connect = (
  bench: Bench,
  options?: PairOptions
): Effect.Effect<Pair & { readonly round: Round }, Violation | WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const pair = yield* openPair(bench, options)
    const round = yield* negotiate(pair, pair.left, pair.right)
    yield* untilUp(pair)
    return { ...pair, round }
  })
