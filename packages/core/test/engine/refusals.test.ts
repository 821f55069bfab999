import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type DataOptions, WebRtcError } from "../../src/index.ts"
import { chromiumOffer } from "../signaling/chromiumOffer.ts"
import { answerSdp, handDriver, offerSdp, openHand, operations, reasonOf } from "./handDriver.ts"

describe("a description", () => {
  it.effect("that is none never reaches the driver", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      const refused = { reason: { _tag: "Refused" }, cause: { _tag: "InvalidSdp" } }
      for (const wrong of ["", "not sdp at all", "v=0\r\n"]) {
        expect(yield* Effect.flip(peer.createAnswer(wrong))).toMatchObject(refused)
      }
      yield* peer.createOffer()
      expect(yield* Effect.flip(peer.applyAnswer("not sdp at all"))).toMatchObject(refused)
      expect(hand.calls).toEqual(["createOffer"])
      yield* peer.applyAnswer(answerSdp)
    }))
  it.effect("that answers with other sections than the offer's never reaches the driver", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      yield* peer.createOffer()
      const section = answerSdp.slice(answerSdp.indexOf("m="))
      const more = answerSdp + section.replaceAll(/a=mid:\S+/g, "a=mid:more")
      const other = answerSdp.replace("m=audio", "m=video")
      expect(other).not.toBe(answerSdp)
      for (const wrong of [more, other]) {
        expect(yield* Effect.flip(peer.applyAnswer(wrong))).toMatchObject({ reason: { _tag: "Refused" }, cause: { _tag: "InvalidSdp", at: "the sections" } })
      }
      expect(hand.calls).toEqual(["createOffer"])
      yield* peer.applyAnswer(answerSdp)
    }))
  it.effect("that the driver gives and that is none is an error", () =>
    Effect.gen(function*() {
      for (const wrong of ["", "not sdp", undefined as never]) {
        const peer = yield* openHand(handDriver({ createOffer: () => wrong, createAnswer: () => wrong }))
        expect(yield* reasonOf(peer.createOffer())).toEqual({ _tag: "Refused" })
        expect(yield* reasonOf(peer.createAnswer(offerSdp))).toEqual({ _tag: "Refused" })
      }
    }))
  it.effect("reaches the driver with the line endings of RFC 8866, and one at its end", () =>
    Effect.gen(function*() {
      const given: Array<string> = []
      const peer = yield* openHand(handDriver({
        createOffer: () => chromiumOffer,
        createAnswer: (sdp) => {
          given.push(sdp)
          return answerSdp
        },
        applyAnswer: (sdp) => void given.push(sdp)
      }))
      yield* peer.createAnswer(chromiumOffer.replaceAll("\r\n", "\n").trimEnd())
      yield* peer.createOffer()
      yield* peer.applyAnswer(`${chromiumOffer}\n\n`)
      expect(given).toEqual([chromiumOffer, chromiumOffer])
    }))
})

describe("an engine's own error", () => {
  it.effect.each(operations)("comes through $name as it is", ({ name, prepare, run }) =>
    Effect.gen(function*() {
      const own = new WebRtcError({ engine: "hand", operation: name, reason: { _tag: "Media", detail: "no microphone" } })
      const peer = yield* openHand(handDriver({ [name]: () => Promise.reject(own) }))
      yield* prepare(peer)
      expect(yield* Effect.flip(run(peer))).toBe(own)
    }))
})

describe("what an engine's capabilities exclude is Unsupported, and never reaches its driver:", () => {
  const unsupported = (capability: string) => ({ _tag: "Unsupported", capability })
  it.effect("an ICE restart", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand, { iceRestart: false })
      expect(yield* reasonOf(peer.createOffer({ iceRestart: true }))).toEqual(unsupported("iceRestart"))
      expect(hand.calls).toEqual([])
      yield* peer.createOffer({ iceRestart: false })
    }))
  it.effect("a rollback", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand, { rollback: false })
      yield* peer.createOffer()
      expect(yield* reasonOf(peer.rollback)).toEqual(unsupported("rollback"))
      expect(hand.calls).toEqual(["createOffer"])
    }))
  it.effect("remote candidates, before their description and after", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand, { remoteCandidates: false })
      expect(yield* reasonOf(peer.addRemoteCandidate({ candidate: "" }))).toEqual(unsupported("remoteCandidates"))
      yield* peer.createAnswer(offerSdp)
      expect(yield* reasonOf(peer.addRemoteCandidate({ candidate: "" }))).toEqual(unsupported("remoteCandidates"))
      expect(hand.calls).toEqual(["createAnswer"])
    }))
  it.effect("data channels", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand, { data: false })
      expect(yield* reasonOf(peer.openDataChannel("chat"))).toEqual(unsupported("data"))
      expect(hand.calls).toEqual([])
    }))
  for (const [method, capability] of [["openDataChannel", "data"], ["rollback", "rollback"]] as const) {
    it.effect(`a driver without ${method} that claims ${capability} is not opened`, () =>
      Effect.gen(function*() {
        const hand = handDriver()
        const { [method]: _, ...driver } = hand.driver
        expect(yield* reasonOf(Effect.scoped(openHand({ ...hand, driver })))).toEqual({
          _tag: "InvalidConfig",
          field: `capabilities.${capability}`,
          expected: `${method} in the driver, or false`
        })
        expect(hand.calls).toEqual(["close"])
        yield* openHand({ ...hand, driver }, { [capability]: false })
      }))
  }
  it.effect("options of a data channel that no stack could use", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      const reason = (options: DataOptions) => reasonOf(peer.openDataChannel("chat", options))
      expect(yield* reason({ maxRetransmits: 1, maxPacketLifeTimeMs: 1 })).toMatchObject({ _tag: "InvalidConfig", field: "maxRetransmits" })
      expect(yield* reason({ maxRetransmits: -1 })).toMatchObject({ field: "maxRetransmits" })
      expect(yield* reason({ maxRetransmits: 65_536 })).toMatchObject({ field: "maxRetransmits" })
      expect(yield* reason({ maxPacketLifeTimeMs: 0.5 })).toMatchObject({ field: "maxPacketLifeTimeMs" })
      expect(hand.calls).toEqual([])
      for (const options of [{ maxRetransmits: 0 }, { maxRetransmits: 65_535 }, { maxPacketLifeTimeMs: 65_535 }]) {
        yield* peer.openDataChannel("chat", options)
      }
    }))
})
