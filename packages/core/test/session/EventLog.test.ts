import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { EventLog } from "../../src/session/EventLog.ts"
import { settle } from "../settle.ts"

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe("an event log", () => {
  it.effect("gives each event once, in order, to each of several readers", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(16)
      const readers = yield* Effect.forEach([1, 2, 3], () => Effect.forkScoped(Stream.runCollect(log.stream)))
      yield* settle
      for (const n of range(1, 10)) log.publish(n)
      log.end()
      for (const reader of readers) expect(yield* Fiber.join(reader)).toEqual(range(1, 10))
    }))
  it.effect("gives a late reader the history, and then what is new", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      for (const n of range(1, 10)) log.publish(n)
      const reader = yield* Effect.forkScoped(Stream.runCollect(log.stream))
      yield* settle
      log.publish(11)
      log.end()
      expect(yield* Fiber.join(reader)).toEqual(range(7, 11))
    }))
  it.effect("gives a reader who comes after the end the history, and the end", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      for (const n of range(1, 10)) log.publish(n)
      log.end()
      expect(yield* Stream.runCollect(log.stream)).toEqual(range(7, 10))
      expect(yield* Stream.runCollect(log.stream)).toEqual(range(7, 10))
    }))
  it.effect("takes nothing after its end, and ends once", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      log.end()
      log.publish(1)
      log.end()
      expect(yield* Stream.runCollect(log.stream)).toEqual([])
    }))
  it.effect("keeps the newest 256 for a reader who does not read, and leaves the others alone", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(1)
      const slow = yield* Stream.toPull(log.stream)
      const first = yield* Effect.forkScoped(slow)
      yield* settle
      log.publish(0)
      expect(yield* Fiber.join(first)).toEqual([0])
      for (const n of range(1, 1_000)) log.publish(n)
      expect(yield* slow).toEqual(range(745, 1_000))
    }))
  it.effect("forgets a reader who has gone away", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(1)
      const reader = yield* Effect.forkScoped(Stream.runCollect(Stream.take(log.stream, 2)))
      yield* settle
      for (const n of range(1, 5)) log.publish(n)
      expect(yield* Fiber.join(reader)).toEqual([1, 2])
      log.end()
    }))
})

describe("next", () => {
  it.effect("gives one event after the other, from the first, and fails after the last", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      log.publish(1)
      expect(yield* log.next).toBe(1)
      const waiting = yield* Effect.forkScoped(log.next)
      yield* settle
      expect(waiting.pollUnsafe()).toBeUndefined()
      log.publish(2)
      expect(yield* Fiber.join(waiting)).toBe(2)
      log.publish(3)
      log.end()
      expect(yield* log.next).toBe(3)
      expect(yield* Effect.flip(log.next)).toMatchObject({ _tag: "ChannelClosed", operation: "nextEvent" })
      expect(yield* Effect.flip(log.next)).toMatchObject({ _tag: "ChannelClosed" })
    }))
  it.effect("that waits fails when the log ends", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      const waiting = yield* Effect.forkScoped(log.next)
      yield* settle
      log.end()
      expect(yield* Effect.flip(Fiber.join(waiting))).toMatchObject({ _tag: "ChannelClosed" })
    }))
  it.effect("that nobody waits for any more loses no event", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      const waiting = yield* Effect.forkScoped(log.next)
      yield* settle
      yield* Fiber.interrupt(waiting)
      log.publish(1)
      expect(yield* log.next).toBe(1)
    }))
  it.effect("and a stream do not take events from each other", () =>
    Effect.gen(function*() {
      const log = new EventLog<number>(4)
      const reader = yield* Effect.forkScoped(Stream.runCollect(log.stream))
      yield* settle
      log.publish(1)
      expect(yield* log.next).toBe(1)
      log.end()
      expect(yield* Fiber.join(reader)).toEqual([1])
    }))
})
