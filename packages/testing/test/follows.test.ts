/** A line decides which engines its peers may move its calls to: `LineOptions.follows`. */
import { describe, expect, it } from "@effect/vitest"
import type { PeerMove } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { begin, failsWith, inCall, isUp, tags } from "./movingCall.ts"
import { settle } from "./settle.ts"

describe("a line that follows its peers to some engines only", () => {
  it.effect("refuses a move to another one: the call stays where it is, and no connection is opened for it", () =>
    Effect.gen(function*() {
      const asked: Array<PeerMove> = []
      const { bob, bobEvents, ofAnn, ofBob } = yield* inCall({
        bob: { follows: (move) => asked.push(move) === 0 }
      })
      expect(yield* Effect.flip(ofAnn.switchEngine("relay"))).toMatchObject({
        _tag: "InvalidState",
        why: "the new call ended first (remote: declined)",
        ended: { by: "remote", reason: "declined" }
      })
      yield* settle
      expect(asked).toEqual([{ peer: "ann", callId: ofBob.id, from: "mock", to: "relay" }])
      expect(bob.relay.peers).toEqual([])
      for (const call of [ofAnn, ofBob]) expect([yield* call.engine, yield* call.state]).toMatchObject(["mock", isUp])
      expect(tags(bobEvents)).not.toContain("EngineSwitched")
      expect(bob.receipts.flatMap(({ receipt }) => receipt._tag === "Refused" ? [receipt.error.message] : []).join())
        .toMatch(/does not follow ann from mock to relay/)
    }))
  it.effect("follows to those that it allows, moves by itself to any, and to a new connection of the same engine unasked", () =>
    Effect.gen(function*() {
      const { ofAnn, ofBob } = yield* inCall({ bob: { follows: ({ to }) => to === "relay" } })
      for (const [call, engine] of [[ofAnn, "relay"], [ofAnn, "relay"], [ofBob, "mock"], [ofAnn, "mock"], [ofAnn, "relay"]] as const) {
        expect((yield* Fiber.join(yield* begin(call, engine)))._tag).toBe("Success")
        for (const one of [ofAnn, ofBob]) expect([yield* one.engine, yield* one.state]).toMatchObject([engine, isUp])
        yield* TestClock.adjust("3 seconds")
      }
      expect(yield* failsWith(yield* begin(ofAnn, "mock"))).toMatch(/declined/)
      expect(yield* ofBob.engine).toBe("relay")
    }))
  it.effect("does not follow when what decides throws, or says anything but yes", () =>
    Effect.gen(function*() {
      for (const follows of [() => { throw new Error("planted") }, () => "yes" as unknown as boolean]) {
        const { ofAnn } = yield* inCall({ bob: { follows } })
        expect(yield* failsWith(yield* begin(ofAnn))).toMatch(/declined/)
      }
    }))
  it.effect("does not follow either when both move the call at once: only its own move's engine may take the other's offer", () =>
    Effect.gen(function*() {
      // Of the two that move Ann's goes on: Bob yields.
      const { ofAnn, ofBob, bob, wire } = yield* inCall({ bob: { follows: () => false } })
      yield* Fiber.join(yield* begin(ofBob, "relay"))
      wire.pass = () => "hold"
      const [one, other] = [yield* begin(ofAnn, "mock"), yield* begin(ofBob, "relay")]
      const opened = bob.mock.peers.length
      wire.pass = () => true
      wire.release()
      yield* settle
      expect(yield* failsWith(one)).toMatch(/engine_error/)
      expect((yield* Fiber.join(other))._tag).toBe("Failure")
      expect(bob.mock.peers.length).toBe(opened)
      for (const call of [ofAnn, ofBob]) expect([yield* call.engine, yield* call.state]).toMatchObject(["relay", isUp])
    }))
  it.effect("asks of moves alone: a call that rings is the user's to accept", () =>
    Effect.gen(function*() {
      const { ofBob } = yield* inCall({ ann: {}, bob: { follows: () => false } })
      expect(yield* ofBob.state).toMatchObject(isUp)
    }))
})
