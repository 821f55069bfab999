import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import { TestClock } from "effect/testing"
import { makeConfig } from "../../src/RtcConfig.ts"
import { makeCallTimers } from "../../src/session/CallTimers.ts"
import { settle } from "../settle.ts"

const limits = { ringTimeoutMs: 100, connectTimeoutMs: 200, reconnectTimeoutMs: 300 }

const makeTimers = Effect.gen(function*() {
  const config = yield* Effect.fromResult(makeConfig(limits))
  const fibers = yield* FiberSet.make<void>()
  const fork = yield* FiberSet.runtime(fibers)<never>()
  const fired: Array<string> = []
  const timers = makeCallTimers(config, fork, (timer, token) => fired.push(`${timer} ${token}`))
  return { timers, fired, running: FiberSet.size(fibers) }
})

describe("a timer", () => {
  it.effect("fires once, with its token, after its own time", () =>
    Effect.gen(function*() {
      const { fired, running, timers } = yield* makeTimers
      timers.start("ring", 1)
      timers.start("connect", 2)
      timers.start("reconnect", 3)
      for (const [at, expected] of [[99, []], [1, ["ring 1"]], [99, ["ring 1"]], [1, ["ring 1", "connect 2"]], [100, ["ring 1", "connect 2", "reconnect 3"]]] as const) {
        yield* TestClock.adjust(at)
        expect(fired).toEqual(expected)
      }
      yield* TestClock.adjust("1 hour")
      expect(fired).toHaveLength(3)
      expect(yield* running).toBe(0)
    }))
  it.effect("that is stopped does not fire, and nothing of it is left", () =>
    Effect.gen(function*() {
      const { fired, running, timers } = yield* makeTimers
      timers.start("ring", 1)
      yield* settle
      expect(yield* running).toBe(1)
      timers.stop("ring")
      yield* settle
      expect(yield* running).toBe(0)
      timers.stop("connect")
      yield* TestClock.adjust("1 hour")
      expect(fired).toEqual([])
    }))
  it.effect("that is started again begins anew, and fires once", () =>
    Effect.gen(function*() {
      const { fired, running, timers } = yield* makeTimers
      timers.start("ring", 1)
      yield* TestClock.adjust(99)
      timers.start("ring", 2)
      yield* settle
      expect(yield* running).toBe(1)
      yield* TestClock.adjust(99)
      expect(fired).toEqual([])
      yield* TestClock.adjust(1)
      expect(fired).toEqual(["ring 2"])
    }))
})
