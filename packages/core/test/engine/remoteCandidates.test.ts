import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { IceCandidate } from "../../src/signaling/index.ts"
import { settle } from "../settle.ts"
import { answerSdp, handDriver, never, offerSdp, openApart, openHand, pending, readEvents, reasonOf, sdpOf } from "./handDriver.ts"

const candidate = (n: number, sdpMid = "0"): IceCandidate => ({ candidate: `candidate:${n} 1 udp 1 192.0.2.1 ${n} typ host`, sdpMid })
const added = (calls: ReadonlyArray<string>) => calls.flatMap((call) => /^addRemoteCandidate candidate:(\d+)/.exec(call)?.[1] ?? [])

describe("a remote candidate", () => {
  it.effect("that comes before the offer is added after it, in order", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      for (const n of [1, 2, 3]) yield* peer.addRemoteCandidate(candidate(n))
      expect(hand.calls).toEqual([])
      yield* peer.createAnswer(offerSdp)
      yield* peer.addRemoteCandidate(candidate(4))
      expect(hand.calls[0]).toBe("createAnswer")
      expect(added(hand.calls)).toEqual(["1", "2", "3", "4"])
    }))
  it.effect("that comes before the answer is added after it, in order", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      yield* peer.addRemoteCandidate(candidate(1))
      yield* peer.createOffer()
      yield* peer.addRemoteCandidate(candidate(2))
      expect(hand.calls).toEqual(["createOffer"])
      yield* peer.applyAnswer(answerSdp)
      yield* peer.addRemoteCandidate(candidate(3))
      expect(hand.calls.slice(0, 2)).toEqual(["createOffer", "applyAnswer"])
      expect(added(hand.calls)).toEqual(["1", "2", "3"])
    }))
  it.effect("that waited is added once, though more descriptions follow", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      yield* peer.addRemoteCandidate(candidate(1))
      yield* peer.createAnswer(offerSdp)
      yield* peer.createOffer()
      yield* peer.applyAnswer(answerSdp)
      yield* peer.createAnswer(offerSdp)
      yield* settle
      expect(added(hand.calls)).toEqual(["1"])
    }))
  it.effect("is added while the answer is still being made, once the stack has the offer", () =>
    Effect.gen(function*() {
      const answer = pending<string>()
      const hand = handDriver({ createAnswer: () => answer.promise })
      const peer = yield* openHand(hand)
      yield* peer.addRemoteCandidate(candidate(1))
      const answering = yield* Effect.forkScoped(peer.createAnswer(offerSdp))
      const second = yield* Effect.forkScoped(peer.addRemoteCandidate(candidate(2)))
      yield* settle
      expect(added(hand.calls)).toEqual([])
      hand.emit({ _tag: "RemoteDescriptionSet" })
      expect(added(hand.calls)).toEqual(["1", "2"])
      yield* peer.addRemoteCandidate(candidate(3))
      yield* Fiber.join(second)
      expect(answering.pollUnsafe()).toBeUndefined()
      answer.resolve(answerSdp)
      yield* Fiber.join(answering)
      yield* settle
      expect(hand.calls[0]).toBe("createAnswer")
      expect(added(hand.calls)).toEqual(["1", "2", "3"])
    }))
  it.effect("of the next round waits for its description, or for its turn", () =>
    Effect.gen(function*() {
      const answer = pending<string>()
      const answers = [sdpOf("first"), answer.promise]
      const hand = handDriver({
        createAnswer: () => {
          if (answers.length === 2) hand.emit({ _tag: "RemoteDescriptionSet" })
          return answers.shift() ?? never()
        }
      })
      const peer = yield* openHand(hand)
      yield* peer.createAnswer(offerSdp)
      const answering = yield* Effect.forkScoped(peer.createAnswer(offerSdp))
      const waits = yield* Effect.forkScoped(peer.addRemoteCandidate(candidate(1)))
      yield* settle
      expect(added(hand.calls)).toEqual([])
      answer.resolve(answerSdp)
      yield* Fiber.join(answering)
      yield* Fiber.join(waits)
      expect(added(hand.calls)).toEqual(["1"])
    }))
  it.effect("that comes after an offer that the stack had, and that was then refused, waits for another", () =>
    Effect.gen(function*() {
      let works = false
      const hand = handDriver({
        createAnswer: () => {
          hand.emit({ _tag: "RemoteDescriptionSet" })
          if (works) return answerSdp
          throw new Error("no")
        }
      })
      const peer = yield* openHand(hand)
      yield* Effect.flip(peer.createAnswer(offerSdp))
      yield* peer.addRemoteCandidate(candidate(1))
      yield* settle
      expect(added(hand.calls)).toEqual([])
      works = true
      yield* peer.createAnswer(offerSdp)
      yield* settle
      expect(added(hand.calls)).toEqual(["1"])
    }))
  it.effect("is let in by no driver that tells of a description when none is being set, or when it is closed", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const { close, peer } = yield* openApart(hand)
      hand.emit({ _tag: "RemoteDescriptionSet" })
      yield* peer.addRemoteCandidate(candidate(1))
      yield* peer.createOffer()
      hand.emit({ _tag: "RemoteDescriptionSet" })
      yield* close
      hand.emit({ _tag: "RemoteDescriptionSet" })
      yield* settle
      expect(added(hand.calls)).toEqual([])
      expect(yield* reasonOf(peer.addRemoteCandidate(candidate(2)))).toEqual({ _tag: "Closed" })
    }))
  it.effect("that the stack is slow to take holds up no later operation", () =>
    Effect.gen(function*() {
      const hand = handDriver({ addRemoteCandidate: never })
      const peer = yield* openHand(hand)
      yield* peer.createAnswer(offerSdp)
      yield* Effect.forkScoped(Effect.ignore(peer.addRemoteCandidate(candidate(1))))
      yield* Effect.forkScoped(Effect.ignore(peer.addRemoteCandidate(candidate(2))))
      const offer = yield* Effect.forkScoped(peer.createOffer())
      yield* settle
      expect(offer.pollUnsafe()).toMatchObject({ _tag: "Success" })
      expect(added(hand.calls)).toEqual(["1", "2"])
    }))
  it.effect("still waits when the description was refused", () =>
    Effect.gen(function*() {
      let works = false
      const hand = handDriver({
        createAnswer: () => {
          if (works) return answerSdp
          throw new Error("no")
        }
      })
      const peer = yield* openHand(hand)
      yield* peer.addRemoteCandidate(candidate(1))
      yield* Effect.flip(peer.createAnswer(offerSdp))
      yield* settle
      expect(added(hand.calls)).toEqual([])
      works = true
      yield* peer.createAnswer(offerSdp)
      yield* settle
      expect(added(hand.calls)).toEqual(["1"])
    }))
  it.effect("that is the 65th to wait fails with TooMany, and loses none of the others", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      for (let n = 1; n <= 64; n++) yield* peer.addRemoteCandidate(candidate(n))
      expect(yield* reasonOf(peer.addRemoteCandidate(candidate(65)))).toMatchObject({ _tag: "TooMany", limit: 64 })
      yield* peer.createAnswer(offerSdp)
      yield* peer.addRemoteCandidate(candidate(66))
      expect(added(hand.calls)).toHaveLength(65)
    }))
  it.effect("that waited and is refused is told, once, and loses neither the others nor the answer", () =>
    Effect.gen(function*() {
      const cause = new Error("no such section")
      const hand = handDriver({
        addRemoteCandidate: (given) => {
          if (given.sdpMid === "7") throw cause
        }
      })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      for (const given of [candidate(1), candidate(2, "7"), candidate(3)]) yield* peer.addRemoteCandidate(given)
      expect(yield* peer.createAnswer(offerSdp)).toContain("v=0")
      yield* settle
      expect(added(hand.calls)).toEqual(["1", "2", "3"])
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({
        _tag: "CandidateRefused",
        candidate: candidate(2, "7"),
        error: { operation: "addRemoteCandidate", reason: { _tag: "Refused" }, cause }
      })
    }))
  it.effect("that did not wait and is refused is its caller's error only", () =>
    Effect.gen(function*() {
      const hand = handDriver({ addRemoteCandidate: () => Promise.reject(new Error("no")) })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      yield* peer.createAnswer(offerSdp)
      expect(yield* reasonOf(peer.addRemoteCandidate(candidate(1)))).toEqual({ _tag: "Refused" })
      yield* settle
      expect(events).toEqual([])
    }))
  it.effect("without a place belongs to the first section", () =>
    Effect.gen(function*() {
      const given: Array<IceCandidate> = []
      const peer = yield* openHand(handDriver({ addRemoteCandidate: (one) => void given.push(one) }))
      yield* peer.createAnswer(offerSdp)
      yield* peer.addRemoteCandidate({ candidate: "" })
      yield* peer.addRemoteCandidate({ candidate: "", sdpMid: "1" })
      yield* peer.addRemoteCandidate({ candidate: "", sdpMLineIndex: 2 })
      expect(given).toEqual([{ candidate: "", sdpMLineIndex: 0 }, { candidate: "", sdpMid: "1" }, { candidate: "", sdpMLineIndex: 2 }])
    }))
  it.effect("that is malformed never reaches the driver, and takes no place among those that wait", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      for (const wrong of [{ candidate: "hello" }, { candidate: "", sdpMLineIndex: -1 }, { candidate: "", sdpMid: "" }]) {
        expect(yield* Effect.flip(peer.addRemoteCandidate(wrong))).toMatchObject({
          reason: { _tag: "Refused" },
          cause: { _tag: "InvalidCandidate" }
        })
      }
      yield* peer.createAnswer(offerSdp)
      yield* Effect.flip(peer.addRemoteCandidate({ candidate: "hello" }))
      expect(hand.calls).toEqual(["createAnswer"])
    }))
})
