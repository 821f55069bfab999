import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { fromDriver, type Driver } from "../../src/engine/index.ts"
import { settle } from "../settle.ts"
import { everything, handDriver, never, offerSdp, openApart, openHand, operations, operationTimeoutMs, pending, reasonLater, reasonOf } from "./handDriver.ts"

const timeout = { _tag: "Timeout", limitMs: operationTimeoutMs }
const closed = { _tag: "Closed" }

describe.each(operations)("$name", ({ name, prepare, run }) => {
  it.effect("fails with Timeout when it does not settle, and not before", () =>
    Effect.gen(function*() {
      const peer = yield* openHand(handDriver({ [name]: never }))
      yield* prepare(peer)
      const fiber = yield* Effect.forkScoped(run(peer))
      yield* TestClock.adjust(operationTimeoutMs - 1)
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(yield* reasonLater(fiber)).toEqual(timeout)
    }))
  it.effect("fails with Closed when the scope closes while it runs", () =>
    Effect.gen(function*() {
      const hand = handDriver({ [name]: never })
      const { close, peer } = yield* openApart(hand)
      yield* prepare(peer)
      const fiber = yield* Effect.forkScoped(run(peer))
      yield* settle
      yield* close
      expect(yield* reasonLater(fiber)).toEqual(closed)
      expect(hand.calls.filter((call) => call === "close")).toHaveLength(1)
    }))
  it.effect("fails with Closed after the scope has closed, and does not reach the driver", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const { close, peer } = yield* openApart(hand)
      yield* prepare(peer)
      yield* close
      const before = [...hand.calls]
      expect(yield* reasonOf(run(peer))).toEqual(closed)
      expect(hand.calls).toEqual(before)
    }))
  it.effect("fails with Refused and what was thrown, whether thrown or rejected", () =>
    Effect.gen(function*() {
      const cause = new Error("no")
      for (const fail of [() => { throw cause }, () => Promise.reject(cause)]) {
        const peer = yield* openHand(handDriver({ [name]: fail }))
        yield* prepare(peer)
        expect(yield* Effect.flip(run(peer))).toMatchObject({ engine: "hand", operation: name, reason: { _tag: "Refused" }, cause })
      }
    }))
})

it.effect("operations that wait for their turn fail with Closed too", () =>
  Effect.gen(function*() {
    const hand = handDriver({ setMedia: never })
    const { close, peer } = yield* openApart(hand)
    const first = yield* Effect.forkScoped(peer.setMedia({} as never))
    const waiting = yield* Effect.forkScoped(peer.createOffer())
    yield* settle
    yield* close
    expect(yield* reasonLater(first)).toEqual(closed)
    expect(yield* reasonLater(waiting)).toEqual(closed)
    expect(hand.calls).toEqual(["setMedia", "close"])
  }))

describe("closing", () => {
  it.effect("does not wait for a driver that never lets go", () =>
    Effect.gen(function*() {
      const { close } = yield* openApart(handDriver({ close: never }))
      const closing = yield* Effect.forkScoped(close)
      yield* TestClock.adjust(operationTimeoutMs)
      yield* Fiber.join(closing)
    }))
  it.effect("closes the driver once, and minds neither a throw nor a rejection", () =>
    Effect.gen(function*() {
      for (const fail of [() => { throw new Error("no") }, () => Promise.reject(new Error("no"))]) {
        const hand = handDriver({ close: fail })
        const { close } = yield* openApart(hand)
        yield* close
        yield* close
        expect(hand.calls).toEqual(["close"])
      }
    }))
})

describe("opening", () => {
  /** Opens a driver that comes when the test says. */
  const openLate = Effect.gen(function*() {
    const driver = pending<Driver>()
    const scope = yield* Scope.make()
    const opening = yield* Effect.forkScoped(
      Scope.provide(fromDriver({ engine: "hand", capabilities: everything, operationTimeoutMs, open: () => driver.promise }), scope)
    )
    yield* settle
    return { driver, opening, close: Scope.close(scope, Exit.void) }
  })

  it.effect("fails with Timeout when it does not settle", () =>
    Effect.gen(function*() {
      const { opening } = yield* openLate
      yield* TestClock.adjust(operationTimeoutMs)
      expect(yield* Effect.flip(Fiber.join(opening))).toMatchObject({ operation: "open", reason: timeout })
    }))
  it.effect("fails with what was thrown, or with the engine's own error", () =>
    Effect.gen(function*() {
      const cause = new Error("no stack")
      const open = (fail: () => Driver) => fromDriver({ engine: "hand", capabilities: everything, operationTimeoutMs, open: fail })
      const error = yield* Effect.flip(open(() => { throw cause }))
      expect(error).toMatchObject({ operation: "open", reason: { _tag: "Refused" }, cause })
      expect(yield* Effect.flip(open(() => { throw error }))).toBe(error)
    }))
  it.effect("does not hold up the closing of its scope, and a driver that comes after is closed at once", () =>
    Effect.gen(function*() {
      const { close, driver } = yield* openLate
      yield* close
      const hand = handDriver()
      driver.resolve(hand.driver)
      yield* settle
      expect(hand.calls).toEqual(["close"])
    }))
  it.effect("that is late is closed with its scope when that is later still", () =>
    Effect.gen(function*() {
      const { close, driver, opening } = yield* openLate
      yield* TestClock.adjust(operationTimeoutMs)
      yield* Effect.flip(Fiber.join(opening))
      const hand = handDriver()
      driver.resolve(hand.driver)
      yield* settle
      yield* close
      expect(hand.calls).toEqual(["close"])
    }))
  it.effect("after its scope has closed minds no driver that will not close, and none that comes to nothing", () =>
    Effect.gen(function*() {
      const one = yield* openLate
      yield* one.close
      one.driver.resolve(handDriver({ close: () => Promise.reject(new Error("no")) }).driver)
      const other = yield* openLate
      yield* other.close
      other.driver.reject(new Error("no"))
      yield* settle
    }))
})

it.effect("a remote candidate that never settles does not hold up the answer beyond its limit", () =>
  Effect.gen(function*() {
    const peer = yield* openHand(handDriver({ addRemoteCandidate: never }))
    yield* peer.addRemoteCandidate({ candidate: "", sdpMid: "0" })
    yield* peer.addRemoteCandidate({ candidate: "", sdpMid: "1" })
    const answer = yield* Effect.forkScoped(peer.createAnswer(offerSdp))
    yield* TestClock.adjust(operationTimeoutMs - 1)
    expect(answer.pollUnsafe()).toBeDefined()
  }))
