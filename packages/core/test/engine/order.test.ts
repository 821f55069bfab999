import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { settle } from "../settle.ts"
import { answerSdp, handDriver, offerSdp, openHand, pending, reasonOf } from "./handDriver.ts"

describe("operations", () => {
  it.effect("run one at a time, in the order in which they were asked for", () =>
    Effect.gen(function*() {
      const hand = handDriver({
        setMedia: () => new Promise((done) => setImmediate(done)),
        createOffer: () => new Promise((done) => setImmediate(() => done(offerSdp)))
      })
      const peer = yield* openHand(hand)
      yield* Effect.all([
        peer.setMedia({} as never),
        peer.createOffer(),
        peer.applyAnswer(answerSdp),
        peer.setMedia({} as never),
        peer.createOffer()
      ], { concurrency: "unbounded" })
      expect(hand.calls).toEqual(["setMedia", "createOffer", "applyAnswer", "setMedia", "createOffer"])
      expect(hand.mostAtOnce()).toBe(1)
    }))

  it.effect("wait for one that is slow, and go on after one that fails", () =>
    Effect.gen(function*() {
      const slow = pending<void>()
      const hand = handDriver({ setMedia: () => slow.promise })
      const peer = yield* openHand(hand)
      const media = yield* Effect.forkScoped(Effect.result(peer.setMedia({} as never)))
      const offer = yield* Effect.forkScoped(peer.createOffer())
      yield* settle
      expect(hand.calls).toEqual(["setMedia"])
      slow.reject(new Error("no device"))
      expect(yield* Fiber.join(media)).toMatchObject({ _tag: "Failure", failure: { reason: { _tag: "Refused" } } })
      yield* Fiber.join(offer)
      expect(hand.calls).toEqual(["setMedia", "createOffer"])
    }))

  it.effect("of candidates begin in their turn, and hold up nothing that comes after", () =>
    Effect.gen(function*() {
      const slow = pending<void>()
      const hand = handDriver({ addRemoteCandidate: () => slow.promise })
      const peer = yield* openHand(hand)
      yield* peer.createOffer()
      yield* peer.applyAnswer(answerSdp)
      const candidate = yield* Effect.forkScoped(peer.addRemoteCandidate({ candidate: "" }))
      yield* settle
      yield* peer.createOffer()
      expect(hand.calls).toEqual(["createOffer", "applyAnswer", "addRemoteCandidate ", "createOffer"])
      slow.resolve()
      yield* Fiber.join(candidate)
    }))

  it.effect("that only look do not wait for their turn", () =>
    Effect.gen(function*() {
      const slow = pending<void>()
      const hand = handDriver({ setMedia: () => slow.promise })
      const peer = yield* openHand(hand)
      yield* Effect.forkScoped(peer.setMedia({} as never))
      expect(yield* peer.stats).toEqual({ sent: [], received: [] })
      expect((yield* peer.openDataChannel("chat")).label).toBe("chat")
      slow.resolve()
    }))
})

describe("an operation in the wrong state is refused before the driver sees it:", () => {
  const wrong = (state: string, expected: string) => ({ _tag: "WrongState", state, expected })

  it.effect("an answer, and a rollback, when no offer is out", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      expect(yield* reasonOf(peer.applyAnswer(answerSdp))).toEqual(wrong("stable", "have-local-offer"))
      expect(yield* reasonOf(peer.rollback)).toEqual(wrong("stable", "have-local-offer"))
      expect(hand.calls).toEqual([])
    }))
  it.effect("an offer of either end when one is out", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      yield* peer.createOffer()
      expect(yield* reasonOf(peer.createOffer())).toEqual(wrong("have-local-offer", "stable"))
      expect(yield* reasonOf(peer.createAnswer(offerSdp))).toEqual(wrong("have-local-offer", "stable"))
      expect(hand.calls).toEqual(["createOffer"])
    }))
  it.effect("a second offer, asked for while the first is being made", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      const [first, second] = yield* Effect.all([Effect.result(peer.createOffer()), Effect.result(peer.createOffer())], {
        concurrency: "unbounded"
      })
      expect([first._tag, second._tag]).toEqual(["Success", "Failure"])
      expect(hand.calls).toEqual(["createOffer"])
    }))
})

describe("the state is stable again", () => {
  it.effect("after an answer, after a rollback, and after answering", () =>
    Effect.gen(function*() {
      const peer = yield* openHand(handDriver())
      yield* peer.createOffer()
      yield* peer.applyAnswer(answerSdp)
      yield* peer.createOffer()
      yield* peer.rollback
      yield* peer.createAnswer(offerSdp)
      yield* peer.createOffer({ iceRestart: true })
    }))
  it.effect("after an offer that could not be made, and after an answer that could not", () =>
    Effect.gen(function*() {
      let works = false
      const give = () => {
        if (works) return offerSdp
        throw new Error("not yet")
      }
      const peer = yield* openHand(handDriver({ createOffer: give, createAnswer: give }))
      expect(yield* reasonOf(peer.createOffer())).toMatchObject({ _tag: "Refused" })
      expect(yield* reasonOf(peer.createAnswer(offerSdp))).toMatchObject({ _tag: "Refused" })
      works = true
      yield* peer.createAnswer(offerSdp)
      yield* peer.createOffer()
    }))
  it.effect("but not after an answer that could not be applied: another may follow", () =>
    Effect.gen(function*() {
      let works = false
      const hand = handDriver({
        applyAnswer: () => {
          if (!works) throw new Error("wrong answer")
        }
      })
      const peer = yield* openHand(hand)
      yield* peer.createOffer()
      expect(yield* reasonOf(peer.applyAnswer(answerSdp))).toMatchObject({ _tag: "Refused" })
      expect(yield* reasonOf(peer.createOffer())).toMatchObject({ _tag: "WrongState" })
      works = true
      yield* peer.applyAnswer(answerSdp)
    }))
})

