import { describe, expect, it } from "@effect/vitest"
import type { RtcConfigInput } from "@enigma-rtc/core"
import { checkSdp, initialIntent, makeConfig } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { MockEngine, MockError, type MockOptions, mockSdp, sectionsIn } from "../src/index.ts"
import { hostLine, theirAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

const opened = (options: MockOptions = {}, input: RtcConfigInput = {}) =>
  Effect.gen(function*() {
    const mock = MockEngine.make(options)
    const config = yield* Effect.fromResult(makeConfig(input))
    return { mock, peer: yield* mock.engine.open(config, initialIntent(config)) }
  })
/** What the stack itself threw. */
const thrown = <A, E extends { readonly cause?: unknown }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ cause }) => (cause instanceof MockError ? cause.name : cause))

describe("the mock refuses what a browser refuses:", () => {
  it.effect("a candidate for a section that is not there", () =>
    Effect.gen(function*() {
      const { peer } = yield* opened()
      yield* peer.createAnswer(theirOffer)
      expect(yield* thrown(peer.addRemoteCandidate({ candidate: hostLine(1), sdpMid: "nowhere" }))).toBe("OperationError")
      expect(yield* thrown(peer.addRemoteCandidate({ candidate: hostLine(1), sdpMLineIndex: 2 }))).toBe("OperationError")
      yield* peer.addRemoteCandidate({ candidate: hostLine(1), sdpMLineIndex: 1 })
    }))
  it.effect("an answer whose sections are not the offer's", () =>
    Effect.gen(function*() {
      const { mock, peer } = yield* opened()
      yield* peer.createOffer()
      for (const kinds of [["audio"], ["video", "audio"], ["audio", "video", "application"]] as const) {
        const wrong = mockSdp({ session: 1, sections: kinds.map((kind, i) => ({ kind, mid: String(i) })), setup: "active" })
        // By core, already.
        expect(yield* thrown(peer.applyAnswer(wrong))).toMatchObject({ _tag: "InvalidSdp", at: "the sections" })
      }
      expect(mock.peer.answersApplied).toEqual([])
      yield* peer.applyAnswer(theirAnswer)
      expect(mock.peer.answersApplied).toEqual([theirAnswer])
    }))
  it.effect("a data channel that was not negotiated", () =>
    Effect.gen(function*() {
      const { peer } = yield* opened()
      yield* peer.createAnswer(theirOffer)
      expect(yield* thrown(peer.openDataChannel("chat"))).toBe("OperationError")
    }))
})

describe("the mock", () => {
  it.effect("writes descriptions that core accepts, one section for each wish", () =>
    Effect.gen(function*() {
      const { peer } = yield* opened({}, { enableData: true })
      const offer = yield* peer.createOffer()
      expect(checkSdp(offer)).toEqual(Result.succeed(offer))
      expect(sectionsIn(offer).map(({ kind }) => kind)).toEqual(["audio", "video", "application"])
    }))
  it.effect("gives the descriptions of its script in turn, and then its own", () =>
    Effect.gen(function*() {
      const { peer } = yield* opened({ offers: [theirOffer], answers: [theirAnswer] })
      expect(yield* peer.createOffer()).toBe(theirOffer)
      yield* peer.rollback
      expect(yield* peer.createAnswer(theirOffer)).toBe(theirAnswer)
      expect(yield* peer.createOffer()).not.toBe(theirOffer)
    }))
  it.effect("finds as many candidates as its script says, and an end", () =>
    Effect.gen(function*() {
      const { peer } = yield* opened({ candidates: 2 })
      const offer = yield* peer.createOffer()
      const found = yield* Stream.runCollect(Stream.take(peer.events, 3))
      expect(found.map((event) => (event._tag === "LocalCandidate" ? event.candidate.candidate.slice(0, 11) : event._tag))).toEqual(["candidate:1", "candidate:2", ""])
      expect(found.every((event) => event._tag === "LocalCandidate" && offer.includes(`a=ice-ufrag:${event.ufrag}\r\n`))).toBe(true)
    }))
  it.effect("takes its time on Effect's clock", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      /** Runs one operation, and tells whether it took the whole time and no more. */
      const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
        Effect.gen(function*() {
          const fiber = yield* Effect.forkChild(effect)
          yield* settle
          yield* TestClock.adjust(99)
          expect(fiber.pollUnsafe()).toBeUndefined()
          yield* TestClock.adjust(1)
          return yield* Fiber.join(fiber)
        })
      const { peer } = yield* timed(Scope.provide(opened({ latencyMs: 100 }), scope))
      yield* timed(peer.createOffer())
      yield* timed(Scope.close(scope, Exit.void))
    }))
  it.effect("fails, and hangs, as it is told, from then on", () =>
    Effect.gen(function*() {
      const { mock, peer } = yield* opened()
      const cause = new Error("planted")
      mock.faults = { fail: { createOffer: cause } }
      expect(yield* thrown(peer.createOffer())).toBe(cause)
      mock.faults = {}
      yield* peer.createOffer()
      mock.faults = { never: ["stats"] }
      const stats = yield* Effect.forkScoped(peer.stats)
      yield* settle
      expect(stats.pollUnsafe()).toBeUndefined()
    }))
  it("that was never opened has no peer to look at", () => {
    expect(() => MockEngine.make().peer).toThrow(/not been opened/)
    expect(MockEngine.make().peers).toEqual([])
  })
})
