/** ENG-500 to 599: media that is sent, muted, not wanted, and that ends. */
import type { MediaChange, Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { Bench } from "../Bench.ts"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { untilArrives, untilSilent } from "../flow.ts"
import { connect, negotiate, openPair } from "../Pair.ts"
import { insist, neverDuring, until } from "../until.ts"

const kinds = ["microphone", "camera"] as const

/** The encoding name of the first payload type of the first section for audio; PCMU's may go without a line of its own. */
const firstAudioCodec = (sdp: string): string => {
  const [, first = ""] = /^m=audio \d+ \S+ (\d+)/m.exec(sdp) ?? []
  const [, name] = new RegExp(`^a=rtpmap:${first} ([^/]+)/`, "m").exec(sdp) ?? []
  return (name ?? (first === "0" ? "PCMU" : "unknown")).toUpperCase()
}

/** Waits until an end sends its microphone in this codec. */
const untilSentIn = (end: End, which: string, mimeType: string) => {
  let sentIn = "nothing"
  return until(
    { expected: `${mimeType} to be sent by the ${which}`, found: () => sentIn },
    Effect.map(end.peer.stats, ({ sent }) => {
      sentIn = sent.find(({ slot }) => slot === "microphone")?.mimeType ?? "nothing"
      return sentIn.toLowerCase() === mimeType.toLowerCase() ? true : undefined
    })
  )
}

const mute = (slot: Slot, sending: "on" | "muted"): MediaChange => ({ send: { [slot]: sending } })

const mutes = (slot: "microphone" | "camera", other: "microphone" | "camera") => (bench: Bench) =>
  Effect.gen(function*() {
    const { left, right } = yield* connect(bench)
    yield* untilArrives(bench, right, slot)
    yield* left.peer.setMedia(bench.intent(mute(slot, "muted")))
    yield* untilSilent(bench, right, slot)
    yield* untilArrives(bench, right, other)
    yield* left.peer.setMedia(bench.intent())
    yield* untilArrives(bench, right, slot)
  })

/** Nothing of a slot is at an end, and nothing comes. */
const insistNoTrack = (end: End, slot: Slot) =>
  neverDuring(`no track of the ${slot}`, Effect.sync(() => (end.track(slot) === undefined ? undefined : "one")))

export const media: ReadonlyArray<Clause> = [
  {
    id: "ENG-500",
    level: "must",
    needs: ["media"],
    says: "microphone and camera arrive at both ends, each as what it is",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        for (const end of [left, right]) for (const slot of kinds) yield* untilArrives(bench, end, slot)
      })
  },
  {
    id: "ENG-501",
    level: "must",
    needs: ["media"],
    says: "each slot's media is told once, when a round lets it in, and under a name of its own",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const offer = yield* pair.left.peer.createOffer()
        yield* neverDuring("no track before the answer", Effect.sync(() => pair.left.told("RemoteTrack")[0]?.track.slot))
        yield* pair.apply(pair.left, yield* pair.answer(pair.right, offer))
        yield* untilArrives(bench, pair.left, "camera")
        yield* untilArrives(bench, pair.right, "camera")
        for (const end of [pair.left, pair.right]) {
          const tracks = end.told("RemoteTrack").map(({ track }) => track)
          yield* insist(tracks.map(({ slot }) => slot).toSorted().join() === "camera,microphone", "one track of each", () => tracks.map(({ slot }) => slot).join())
          yield* insist(new Set(tracks.map(({ id }) => id)).size === tracks.length, "ids of their own", () => tracks.map(({ id }) => id).join())
        }
      })
  },
  {
    id: "ENG-502",
    level: "must",
    needs: ["media"],
    says: "a muted microphone sends nothing at all while the camera goes on, and sends again without a round",
    check: mutes("microphone", "camera")
  },
  {
    id: "ENG-503",
    level: "must",
    needs: ["media"],
    says: "a muted camera sends nothing at all while the microphone goes on, and sends again without a round",
    check: mutes("camera", "microphone")
  },
  {
    id: "ENG-504",
    level: "must",
    needs: ["media"],
    says: "what is muted from the start is there and silent, and is sent without a round when it is wanted",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench, { left: mute("microphone", "muted") })
        yield* right.next("RemoteTrack", 1)
        yield* insist(right.track("microphone") !== undefined, "a track of the microphone", () => "none")
        yield* untilArrives(bench, right, "camera")
        const silence = yield* untilSilent(bench, right, "microphone")
        yield* insist(silence === 0, "nothing to have arrived", () => `${silence}`)
        yield* left.peer.setMedia(bench.intent())
        yield* untilArrives(bench, right, "microphone")
      })
  },
  {
    id: "ENG-505",
    level: "must",
    needs: ["media"],
    says: "what is off is not sent, though the far end would take it",
    check: (bench) =>
      Effect.gen(function*() {
        const { right } = yield* connect(bench, { left: { send: { camera: "off" } } })
        yield* untilArrives(bench, right, "microphone")
        yield* insistNoTrack(right, "camera")
      })
  },
  {
    id: "ENG-506",
    level: "must",
    needs: ["media"],
    says: "what an end does not take is not sent to it",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench, { right: { receive: { camera: false } } })
        yield* untilArrives(bench, right, "microphone")
        yield* untilArrives(bench, left, "camera")
        yield* insistNoTrack(right, "camera")
      })
  },
  {
    id: "ENG-507",
    level: "must",
    needs: ["media"],
    says: "the screen arrives as the screen, beside a camera and without one",
    check: (bench) =>
      Effect.gen(function*() {
        const takes = { receive: { screen: true } }
        const beside = yield* connect(bench, { left: { send: { screen: "on" } }, right: takes })
        yield* untilArrives(bench, beside.right, "screen")
        yield* untilArrives(bench, beside.right, "camera")
        const alone = yield* connect(bench, { left: { send: { screen: "on", camera: "off" }, receive: { camera: false } }, right: takes })
        yield* untilArrives(bench, alone.right, "screen")
        yield* insistNoTrack(alone.right, "camera")
      })
  },
  {
    id: "ENG-508",
    level: "must",
    needs: ["media"],
    says: "of many switches at once the last one counts",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        const flip = (count: number) =>
          Effect.forEach(
            Array.from({ length: count }, (_, i) => mute("microphone", i % 2 === 0 ? "muted" : "on")),
            (change) => left.peer.setMedia(bench.intent(change)),
            { concurrency: "unbounded", discard: true }
          )
        yield* untilArrives(bench, right, "microphone")
        yield* flip(21)
        yield* untilSilent(bench, right, "microphone")
        yield* flip(20)
        yield* untilArrives(bench, right, "microphone")
      })
  },
  {
    id: "ENG-509",
    level: "must",
    needs: ["media"],
    says: "a source that ends is told once, in words, its slot falls silent, and all else goes on",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair({ ...bench, engines: { ...bench.engines, left: yield* bench.ending } })
        yield* negotiate(pair, pair.left, pair.right)
        const { reason, slot } = yield* pair.left.next("LocalSourceEnded", 0, 8_000)
        yield* insist(slot === "microphone" && reason !== "", "the microphone's end, with a reason", () => `${slot}: "${reason}"`)
        yield* untilSilent(bench, pair.right, "microphone")
        yield* untilArrives(bench, pair.right, "camera")
        yield* insist(pair.left.told("LocalSourceEnded").length === 1, "it once", () => `${pair.left.told("LocalSourceEnded").length} times`)
        yield* insist(pair.left.link() === "up", "the link to be up", () => String(pair.left.link()))
      })
  },
  {
    id: "ENG-510",
    level: "must",
    needs: ["media", "codecPreference"],
    says: "a preferred codec comes first in the offer and is the one that is sent; an unknown one changes nothing",
    check: (bench) =>
      Effect.gen(function*() {
        const { otherCodec = "PCMU" } = yield* bench.media
        const { left, round } = yield* connect(bench, { left: { preferCodec: ["no-such-codec", otherCodec] } })
        yield* insist(firstAudioCodec(round.offer) === otherCodec.toUpperCase(), `${otherCodec} first`, () => firstAudioCodec(round.offer))
        yield* untilSentIn(left, "left", `audio/${otherCodec}`)
        const unknown = yield* connect(bench, { left: { preferCodec: "no-such-codec" } })
        yield* untilArrives(bench, unknown.right, "microphone")
      })
  },
  {
    id: "ENG-511",
    level: "should",
    needs: ["media", "codecPreference"],
    says: "what is sent to the answering end is what it prefers, where it prefers anything (RFC 3264 section 7)",
    check: (bench) =>
      Effect.gen(function*() {
        const { otherCodec = "PCMU" } = yield* bench.media
        const { left } = yield* connect(bench, { right: { preferCodec: otherCodec } })
        yield* untilSentIn(left, "left", `audio/${otherCodec}`)
      })
  }
]
