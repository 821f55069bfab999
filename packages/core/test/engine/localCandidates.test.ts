import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { EngineEvent } from "../../src/engine/index.ts"
import { settle } from "../settle.ts"
import { answerSdp, handDriver, offerSdp, openHand, pending, readEvents, sdpOf } from "./handDriver.ts"

const found = (n: number, more: { readonly ufrag?: string; readonly line?: string } = {}) => ({
  _tag: "LocalCandidate" as const,
  candidate: { candidate: `candidate:${n} 1 udp 1 192.0.2.1 ${n} typ host${more.line ?? ""}`, sdpMid: "0" },
  ...(more.ufrag === undefined ? {} : { ufrag: more.ufrag })
})
/** What was told of candidates: port and ICE generation. */
const told = (events: ReadonlyArray<EngineEvent>) =>
  events.flatMap((event) => (event._tag === "LocalCandidate" ? [`${/ (\d+) typ/.exec(event.candidate.candidate)?.[1] ?? "end"} ${event.ufrag}`] : []))

describe("a local candidate", () => {
  it.effect("is told after its description is made, with its ICE generation, in order", () =>
    Effect.gen(function*() {
      const made = pending<string>()
      const hand = handDriver({ createOffer: () => made.promise })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      hand.emit(found(1))
      const offer = yield* Effect.forkScoped(peer.createOffer())
      yield* settle
      hand.emit(found(2))
      yield* settle
      expect(events).toEqual([])
      made.resolve(sdpOf("gen1"))
      yield* Fiber.join(offer)
      hand.emit(found(3))
      hand.emit({ _tag: "LocalCandidate", candidate: { candidate: "", sdpMid: "0" } })
      yield* settle
      expect(told(events)).toEqual(["1 gen1", "2 gen1", "3 gen1", "end gen1"])
    }))
  it.effect("that names its generation keeps it, wherever it names it", () =>
    Effect.gen(function*() {
      const hand = handDriver({ createOffer: () => sdpOf("gen1") })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      yield* peer.createOffer()
      hand.emit(found(1, { ufrag: "own1" }))
      hand.emit(found(2, { line: " generation 0 ufrag own2 network-cost 10" }))
      yield* settle
      expect(told(events)).toEqual(["1 own1", "2 own2"])
    }))
  it.effect("is told once, however often the stack repeats it", () =>
    Effect.gen(function*() {
      const hand = handDriver({ createOffer: () => sdpOf("gen1") })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      hand.emit(found(1))
      hand.emit(found(1))
      yield* peer.createOffer()
      hand.emit(found(1))
      hand.emit({ ...found(1), candidate: { ...found(1).candidate, sdpMid: "1" } })
      yield* settle
      expect(told(events)).toEqual(["1 gen1", "1 gen1"])
    }))
  it.effect("of a restart is another, though it is written the same", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      yield* peer.createOffer()
      hand.emit(found(1))
      yield* peer.applyAnswer(answerSdp)
      yield* peer.createOffer({ iceRestart: true })
      hand.emit(found(1))
      yield* settle
      expect(told(events)).toEqual(["1 our-offer-1", "1 our-offer-2"])
    }))
  it.effect("of a description that failed is not told; one of the next is", () =>
    Effect.gen(function*() {
      let works = false
      const hand = handDriver({
        createOffer: () => {
          hand.emit(found(works ? 2 : 1))
          if (works) return sdpOf("gen1")
          throw new Error("no")
        }
      })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      yield* Effect.flip(peer.createOffer())
      works = true
      yield* peer.createOffer()
      yield* settle
      expect(told(events)).toEqual(["2 gen1"])
    }))
  it.effect("of an earlier description is not lost when a later one fails", () =>
    Effect.gen(function*() {
      const hand = handDriver({
        createOffer: () => {
          hand.emit(found(2, { ufrag: "our-answer" }))
          throw new Error("no")
        }
      })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      yield* peer.createAnswer(offerSdp)
      hand.emit(found(1))
      yield* Effect.flip(peer.createOffer())
      hand.emit(found(3))
      yield* settle
      expect(told(events)).toEqual(["1 our-answer", "2 our-answer", "3 our-answer"])
    }))
  it.effect("of a description that the checks refuse is not told", () =>
    Effect.gen(function*() {
      const hand = handDriver({ createOffer: () => "v=0" })
      const peer = yield* openHand(hand)
      const events = yield* readEvents(peer)
      hand.emit(found(1))
      expect(yield* Effect.flip(peer.createOffer())).toMatchObject({
        operation: "createOffer",
        reason: { _tag: "Refused" },
        cause: { cause: { _tag: "InvalidSdp" } }
      })
      yield* settle
      expect(events).toEqual([])
    }))
})
