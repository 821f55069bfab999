/** An offer that is taken back leaves no trace, and what it wished for can still be had. */
import type { MediaIntent, Slot } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { audio, config, connectPair, type End, flows, nothing, openPair, untilUp } from "./pair.ts"
import { until } from "./until.ts"

type Wish = ReadonlyArray<Slot | "data">
const wishing = (base: MediaIntent, wish: Wish): MediaIntent => ({
  ...base,
  data: base.data || wish.includes("data"),
  send: {
    microphone: wish.includes("microphone") ? "on" : base.send.microphone,
    camera: wish.includes("camera") ? "on" : base.send.camera,
    screen: wish.includes("screen") ? "on" : base.send.screen
  }
})
const slotsOf = (wish: Wish): ReadonlyArray<Slot> => wish.filter((one) => one !== "data")

/** Both offer; the second rolls back, answers, and offers its own wish again. */
const glare = (winner: End, loser: End) =>
  Effect.gen(function*() {
    const offer = yield* winner.offer()
    yield* loser.offer()
    yield* loser.peer.rollback
    yield* winner.peer.applyAnswer(yield* loser.answer(offer))
    yield* winner.peer.applyAnswer(yield* loser.answer(yield* winner.offer()))
    yield* loser.peer.applyAnswer(yield* winner.answer(yield* loser.offer()))
  })

const inOneSectionEach = (end: End) => {
  const slots = end.sections.filter(({ kind }) => kind !== "application").map(({ slot }) => slot)
  expect(new Set(slots).size).toBe(slots.length)
  expect(end.sections.filter(({ kind }) => kind === "application").length).toBeLessThanOrEqual(1)
  expect(new Set(end.sections.map(({ mid }) => mid)).size).toBe(end.sections.length)
}

const wishes: ReadonlyArray<readonly [Wish, Wish]> = [
  [["microphone", "camera"], ["microphone", "camera"]],
  [["camera", "microphone"], ["microphone"]],
  [["microphone"], ["camera"]],
  [["data"], ["microphone"]],
  [["microphone"], ["data"]],
  [["microphone", "data"], ["data"]],
  [["microphone"], ["microphone", "camera", "data"]],
  [["screen"], ["camera"]],
  [["camera"], ["screen"]],
  [["screen", "camera"], ["camera", "screen"]]
]

describe("offers of both ends that cross", () => {
  for (const [left, right] of wishes) {
    it.live(`in the first round: ${left.join()} against ${right.join()}`, () =>
      Effect.gen(function*() {
        const { a, b } = yield* openPair({ left: wishing(nothing, left), right: wishing(nothing, right) })
        yield* glare(a, b)
        yield* untilUp(a, b)
        yield* flows(b, slotsOf(left))
        yield* flows(a, slotsOf(right))
        for (const end of [a, b]) inOneSectionEach(end)
        if (left.includes("data") || right.includes("data")) yield* a.peer.openDataChannel("chat")
      }).pipe(Effect.scoped))

    it.live(`in the first round, each offering only its own: ${left.join()} against ${right.join()}`, () =>
      Effect.gen(function*() {
        const deaf = { ...nothing, receive: { microphone: false, camera: false, screen: false } }
        const { a, b, round } = yield* openPair({ left: wishing(deaf, left), right: wishing(deaf, right) })
        yield* glare(a, b)
        for (const end of [a, b]) yield* end.change({ receive: nothing.receive })
        yield* round(b, a)
        yield* untilUp(a, b)
        yield* flows(b, slotsOf(left))
        yield* flows(a, slotsOf(right))
        for (const end of [a, b]) inOneSectionEach(end)
        if (left.includes("data") || right.includes("data")) yield* a.peer.openDataChannel("chat")
      }).pipe(Effect.scoped))

    it.live(`in a call: ${left.join()} against ${right.join()}`, () =>
      Effect.gen(function*() {
        const base = { ...audio, receive: nothing.receive }
        const { a, b } = yield* connectPair({ left: base, right: base })
        const before = b.descriptions[0]
        yield* a.change(wishing(base, left))
        yield* b.change(wishing(base, right))
        yield* glare(b, a)
        yield* flows(b, ["microphone", ...slotsOf(left)])
        yield* flows(a, ["microphone", ...slotsOf(right)])
        for (const end of [a, b]) {
          inOneSectionEach(end)
          expect(end.links.filter((state) => state !== "connecting")).toEqual(["up"])
          expect(end.sections[0]?.slot).toBe("microphone")
        }
        expect(before).toBeDefined()
        if (left.includes("data") || right.includes("data")) yield* a.peer.openDataChannel("chat")
      }).pipe(Effect.scoped))
  }
})

describe("an offer that is taken back", () => {
  it.live("leaves media as it is, and the version of the next description is higher still", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair({ left: audio, right: audio })
      for (let i = 0; i < 5; i++) {
        yield* a.change({ send: { camera: "on", screen: "on" } })
        yield* a.offer()
        yield* a.peer.rollback
        yield* a.change({ send: { camera: "off", screen: "off" } })
      }
      yield* flows(a, ["microphone"])
      yield* round(a, b)
      yield* flows(b, ["microphone"])
      const versions = a.descriptions.map((sdp) => Number(/^o=\S+ \d+ (\d+)/m.exec(sdp)?.[1]))
      expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7])
      expect(a.sections.map(({ kind }) => kind)).toEqual(["audio"])
      yield* a.change({ send: { camera: "on" } })
      yield* b.change({ receive: { camera: true } })
      yield* round(a, b)
      yield* flows(b, ["microphone", "camera"])
    }).pipe(Effect.scoped))

  it.live("or answered stays so when an earlier description's gathering ends late, as with a slow STUN server", () =>
    Effect.gen(function*() {
      // Nobody answers there: gathering takes its 2 s.
      const slow = { ...config, iceServers: [{ urls: ["stun:127.0.0.1:9"] }] }
      const { a, b, round } = yield* openPair({ left: audio, right: audio, config: slow })
      yield* round(a, b)
      yield* b.change({ data: true, send: { camera: "on" } })
      yield* a.change({ receive: { camera: true, screen: true } })
      const offer = yield* b.offer()
      yield* Effect.sleep(2_300)
      yield* b.peer.applyAnswer(yield* a.answer(offer))
      yield* flows(a, ["microphone", "camera"])
      yield* b.change({ send: { screen: "on" } })
      yield* round(b, a)
      expect(b.sections.map(({ kind }) => kind)).toEqual(["audio", "video", "application", "video"])
      yield* flows(a, ["microphone", "camera", "screen"])
    }).pipe(Effect.scoped))
})

describe("an offer that is refused", () => {
  const refused: ReadonlyArray<readonly [string, (sdp: string) => string]> = [
    ["for data without a port", (sdp) => sdp.replace(/^a=sctp-port:.*\r\n/m, "")],
    ["with a section taken out of its bundle", (sdp) => sdp.replace(/^a=group:BUNDLE (\S+) .*$/m, "a=group:BUNDLE $1")],
    ["with a section of an unknown kind", (sdp) => `${sdp}m=text 9 UDP/TLS/RTP/SAVPF 98\r\nc=IN IP4 0.0.0.0\r\na=mid:zz\r\n`]
  ]
  for (const [what, spoil] of refused) {
    it.live(`${what}, that also restarts ICE and begins the screen: all goes on as before, and the next is answered`, () =>
      Effect.gen(function*() {
        const { a, b, round } = yield* connectPair()
        yield* b.change({ send: { screen: "on" } })
        const offer = yield* b.offer({ iceRestart: true })
        const result = yield* Effect.result(a.peer.createAnswer(spoil(offer)))
        expect(Result.isFailure(result)).toBe(true)
        yield* b.peer.rollback
        yield* Effect.all([flows(a, ["microphone", "camera"]), flows(b, ["microphone", "camera"])])
        yield* round(a, b)
        expect(a.sections.map(({ slot }) => slot)).toEqual(["microphone", "camera", undefined])
        yield* a.change({ receive: { screen: true } })
        yield* round(b, a)
        yield* flows(a, ["microphone", "camera", "screen"])
        yield* a.peer.openDataChannel("chat")
        yield* until("the channel", () => b.channels.length === 1)
      }).pipe(Effect.scoped))
  }

  it.live("as the first one: another far end's is then answered, and connects", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* openPair()
      const offer = yield* b.offer()
      expect(Result.isFailure(yield* Effect.result(a.peer.createAnswer(offer.replace(/^a=sctp-port:.*\r\n/m, ""))))).toBe(true)
      yield* b.peer.rollback
      yield* round(a, b)
      yield* untilUp(a, b)
      yield* Effect.all([flows(a, ["microphone", "camera"]), flows(b, ["microphone", "camera"])])
    }).pipe(Effect.scoped))
})

describe("an answer that is refused", () => {
  it.live("leaves the offer out: it can be answered after all, or taken back", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* openPair()
      const answer = yield* b.answer(yield* a.offer())
      const spoilt = answer.replace(/^a=sctp-port:.*\r\n/m, "")
      expect(Result.isFailure(yield* Effect.result(a.peer.applyAnswer(spoilt)))).toBe(true)
      yield* a.peer.applyAnswer(answer)
      yield* untilUp(a, b)
      yield* Effect.all([flows(a, ["microphone", "camera"]), flows(b, ["microphone", "camera"])])

      yield* a.change({ send: { screen: "on" } })
      yield* a.offer()
      expect(Result.isFailure(yield* Effect.result(a.peer.applyAnswer(spoilt)))).toBe(true)
      yield* a.peer.rollback
      yield* a.change({ send: { screen: "off" } })
      yield* round(b, a)
      yield* Effect.all([flows(a, ["microphone", "camera"]), flows(b, ["microphone", "camera"])])
      yield* round(a, b)
      expect(a.sections.map(({ slot }) => slot)).toEqual(["microphone", "camera", undefined])
    }).pipe(Effect.scoped))
})
