/** ENG-700 to 799: further rounds of offer and answer, and offers that are taken back (RFC 9429 section 4.1.10.2). */
import { type MediaChange, readSections, type Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { Bench } from "../Bench.ts"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { openFlow, untilArrives, untilSilent } from "../flow.ts"
import { connect, negotiate, openPair, type Pair, ufragOf, untilUp } from "../Pair.ts"
import { insist } from "../until.ts"

const noCamera: MediaChange = { send: { camera: "off" } }
const kinds = ["microphone", "camera"] as const

const both = (change: MediaChange) => ({ left: change, right: change })

const want = (bench: Bench, end: End, change: MediaChange) => end.peer.setMedia(bench.intent(change))

/** Everything that these ends send in these slots arrives. */
const untilAllArrive = (bench: Bench, pair: Pair, slots: ReadonlyArray<Slot> = kinds) =>
  Effect.forEach([pair.left, pair.right], (end) => Effect.forEach(slots, (slot) => untilArrives(bench, end, slot)), { discard: true })

const shapeOf = (sdp: string) => readSections(sdp).map(({ kind, mid }) => `${kind} ${mid}`).join(", ")

/** Session id and version (RFC 8866 section 5.2). */
const originOf = (sdp: string): { readonly id: string; readonly version: bigint } => {
  const [, id = "", version = "0"] = /^o=\S+ (\d+) (\d+)/m.exec(sdp) ?? []
  return { id, version: BigInt(version) }
}

const insistUndisturbed = (pair: Pair) =>
  insist(
    [pair.left, pair.right].every((end) => end.told("Link").length === 2),
    "the link to be told nothing new",
    () => [pair.left, pair.right].map((end) => end.told("Link").map(({ state }) => state).join(", ")).join(" and ")
  )

/** The left and the right have both offered; the right takes its offer back, answers, and then offers what it wants. */
const resolveGlare = (pair: Pair) =>
  Effect.gen(function*() {
    const offer = yield* pair.left.peer.createOffer()
    yield* pair.right.peer.createOffer()
    yield* pair.right.peer.rollback
    yield* pair.apply(pair.left, yield* pair.answer(pair.right, offer))
    yield* negotiate(pair, pair.right, pair.left)
  })

export const rounds: ReadonlyArray<Clause> = [
  {
    id: "ENG-700",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "a camera that is switched on in a call arrives after a round, and the microphone goes on",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench, both(noCamera))
        yield* want(bench, pair.left, {})
        yield* negotiate(pair, pair.left, pair.right)
        yield* untilArrives(bench, pair.right, "camera")
        yield* untilAllArrive(bench, pair, ["microphone"])
        yield* insistUndisturbed(pair)
      })
  },
  {
    id: "ENG-701",
    level: "must",
    needs: ["renegotiation"],
    says: "the end that answered may offer, and the other way round, as often as they like; media and open channels go on",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const stillFlows = yield* openFlow(bench, pair)
        for (let i = 0; i < 2; i++) {
          yield* negotiate(pair, pair.right, pair.left)
          yield* negotiate(pair, pair.left, pair.right)
          yield* stillFlows
        }
        yield* insistUndisturbed(pair)
      })
  },
  {
    id: "ENG-702",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "a camera that is switched off ends at the far end after a round, and on again it is a new track",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        yield* untilArrives(bench, pair.right, "camera")
        const first = pair.right.track("camera")
        yield* want(bench, pair.left, noCamera)
        yield* negotiate(pair, pair.left, pair.right)
        const ended = yield* pair.right.next("RemoteTrackEnded")
        yield* insist(ended.track.id === first?.id, "the camera's track to end", () => `the ${ended.track.slot}'s`)
        yield* untilSilent(bench, pair.right, "camera")
        yield* untilArrives(bench, pair.left, "camera")
        yield* want(bench, pair.left, {})
        yield* negotiate(pair, pair.left, pair.right)
        yield* untilArrives(bench, pair.right, "camera")
        const again = pair.right.told("RemoteTrack").findLast(({ track }) => track.slot === "camera")?.track
        yield* insist(again?.id !== first?.id, "a track with another id", () => "the same")
        yield* insist(pair.right.told("RemoteTrackEnded").length === 1, "one end", () => `${pair.right.told("RemoteTrackEnded").length}`)
      })
  },
  {
    id: "ENG-703",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "what an end no longer takes ends there after a round",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        yield* untilArrives(bench, pair.right, "camera")
        yield* want(bench, pair.right, { receive: { camera: false } })
        yield* negotiate(pair, pair.right, pair.left)
        const { track } = yield* pair.right.next("RemoteTrackEnded")
        yield* insist(track.slot === "camera", "the camera to end", () => track.slot)
        yield* untilSilent(bench, pair.right, "camera")
        yield* untilArrives(bench, pair.right, "microphone")
      })
  },
  {
    id: "ENG-704",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "ten switches of a camera, each with its round, add no section: each keeps its place and its mid",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const shape = shapeOf(pair.round.offer)
        for (let i = 1; i <= 10; i++) {
          yield* want(bench, pair.left, i % 2 === 1 ? noCamera : {})
          const { answer, offer } = yield* negotiate(pair, pair.left, pair.right)
          for (const sdp of [offer, answer]) yield* insist(shapeOf(sdp) === shape, `${shape} in round ${i}`, () => shapeOf(sdp))
        }
        yield* untilAllArrive(bench, pair)
      })
  },
  {
    id: "ENG-705",
    level: "must",
    needs: ["renegotiation"],
    says: "rounds keep the session id and raise its version, and keep the ICE credentials (RFC 9429 section 5.2.2)",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        let before = pair.round
        for (let i = 0; i < 3; i++) {
          if (bench.capabilities.media) yield* want(bench, pair.left, i % 2 === 0 ? noCamera : {})
          const round = yield* negotiate(pair, pair.left, pair.right)
          for (const kind of ["offer", "answer"] as const) {
            const [was, is] = [originOf(before[kind]), originOf(round[kind])]
            const isNext = is.version > was.version || (is.version === was.version && round[kind] === before[kind])
            yield* insist(is.id === was.id && isNext, `another ${kind} of session ${was.id} to be above version ${was.version}`, () => `${is.id} ${is.version}`)
            yield* insist(ufragOf(round[kind]) === ufragOf(before[kind]), "the same ICE credentials", () => "others")
          }
          before = round
        }
      })
  },
  {
    id: "ENG-706",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "on hold nothing arrives at either end, and after it everything does (RFC 3264 section 8.4)",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        yield* untilAllArrive(bench, pair)
        for (const [holder, other] of [[pair.left, pair.right], [pair.right, pair.left]] as const) {
          yield* want(bench, holder, { hold: true })
          yield* negotiate(pair, holder, other)
          for (const end of [pair.left, pair.right]) for (const slot of kinds) yield* untilSilent(bench, end, slot)
          yield* want(bench, holder, {})
          yield* negotiate(pair, holder, other)
          yield* untilAllArrive(bench, pair)
        }
      })
  },
  {
    id: "ENG-707",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "a round that changes nothing tells nothing, and media goes on",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        yield* untilAllArrive(bench, pair)
        yield* negotiate(pair, pair.left, pair.right)
        yield* untilAllArrive(bench, pair)
        yield* insistUndisturbed(pair)
        for (const end of [pair.left, pair.right]) {
          yield* insist(end.told("RemoteTrack").length === 2 && end.told("RemoteTrackEnded").length === 0, "the same two tracks", () =>
            `${end.told("RemoteTrack").length} told and ${end.told("RemoteTrackEnded").length} ended`)
        }
      })
  },
  {
    id: "ENG-708",
    level: "must",
    needs: ["media", "renegotiation"],
    says: "an offer that is refused in a call changes nothing",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        yield* Effect.flip(pair.left.peer.createAnswer(pair.round.offer.replaceAll(/^a=(fingerprint|ice-ufrag|ice-pwd):.*\r?\n/gm, ""))).pipe(
          Effect.catch(() => insist(false, "the offer to be refused", () => "it was answered"))
        )
        yield* untilAllArrive(bench, pair)
        yield* negotiate(pair, pair.right, pair.left)
        yield* untilAllArrive(bench, pair)
      })
  },
  {
    id: "ENG-720",
    level: "must",
    needs: ["rollback"],
    says: "a first offer that is taken back leaves the connection as new: it answers the far end's",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        yield* pair.left.peer.createOffer()
        yield* pair.left.peer.rollback
        yield* negotiate(pair, pair.right, pair.left)
        yield* untilUp(pair)
        if (bench.capabilities.media) yield* untilAllArrive(bench, pair)
      })
  },
  {
    id: "ENG-721",
    level: "must",
    needs: ["rollback"],
    says: "after an offer is taken back another can be made, of the same session and above its version",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const before = yield* pair.left.peer.createOffer()
        yield* pair.left.peer.rollback
        const { offer } = yield* negotiate(pair, pair.left, pair.right)
        const [first, second] = [originOf(before), originOf(offer)]
        yield* insist(second.id === first.id && (second.version > first.version || offer === before), `session ${first.id} above version ${first.version}`, () => `${second.id} ${second.version}`)
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-722",
    level: "must",
    needs: ["media", "rollback", "renegotiation"],
    says: "an offer that is taken back in a call leaves its media and its channels as they are",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const stillFlows = yield* openFlow(bench, pair)
        yield* untilAllArrive(bench, pair)
        yield* want(bench, pair.left, { send: { screen: "on" } })
        yield* pair.left.peer.createOffer()
        yield* pair.left.peer.rollback
        yield* want(bench, pair.left, {})
        yield* untilAllArrive(bench, pair)
        yield* stillFlows
        yield* insistUndisturbed(pair)
        yield* negotiate(pair, pair.right, pair.left)
        yield* untilAllArrive(bench, pair)
      })
  },
  {
    id: "ENG-723",
    level: "must",
    needs: ["media", "rollback", "renegotiation"],
    says: "when both offer in a call and one takes its offer back, both get what they wanted",
    check: (bench) =>
      Effect.gen(function*() {
        const screen = { receive: { screen: true } }
        const pair = yield* connect(bench, both({ ...noCamera, ...screen }))
        yield* want(bench, pair.left, screen)
        yield* want(bench, pair.right, { send: { camera: "off", screen: "on" } })
        yield* resolveGlare(pair)
        yield* untilArrives(bench, pair.right, "camera")
        yield* untilArrives(bench, pair.left, "screen")
        yield* untilAllArrive(bench, pair, ["microphone"])
        yield* insistUndisturbed(pair)
      })
  },
  {
    id: "ENG-724",
    level: "must",
    needs: ["media", "rollback", "renegotiation"],
    says: "when both begin with different media and one takes its offer back, all of it flows, each slot in one section",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench, {
          left: { data: false, send: { camera: "off" }, receive: { camera: false } },
          right: { send: { microphone: "off" }, receive: { microphone: false } }
        })
        const offer = yield* pair.left.peer.createOffer()
        yield* pair.right.peer.createOffer()
        yield* pair.right.peer.rollback
        yield* pair.apply(pair.left, yield* pair.answer(pair.right, offer))
        yield* want(bench, pair.left, {})
        yield* want(bench, pair.right, {})
        const round = yield* negotiate(pair, pair.right, pair.left)
        yield* untilUp(pair)
        yield* untilAllArrive(bench, pair)
        const found = readSections(round.offer).map(({ kind, slot }) => slot ?? kind)
        yield* insist(new Set(found).size === found.length, "one section for each", () => found.join(", "))
      })
  }
]
