import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { makeRingingCalls } from "../../src/session/RingingCalls.ts"
import { settle } from "../settle.ts"

/** Calls that ring until the test says that they do not. */
const ringing = () => {
  const silent = new Set<string>()
  return { calls: makeRingingCalls<string>((call) => !silent.has(call)), silence: (call: string) => silent.add(call) }
}

describe("calls that ring", () => {
  it.effect("are offered once, in order, to one reader after another", () =>
    Effect.gen(function*() {
      const { calls } = ringing()
      for (const call of ["a", "b", "c", "d"]) calls.add(call)
      expect(yield* Stream.runHead(calls.stream)).toMatchObject({ value: "a" })
      expect(yield* Stream.runCollect(Stream.take(calls.stream, 2))).toEqual(["b", "c"])
      calls.end()
      expect(yield* Stream.runCollect(calls.stream)).toEqual(["d"])
    }))
  it.effect("are waited for, and the wait ends with them", () =>
    Effect.gen(function*() {
      const { calls } = ringing()
      const reader = yield* Effect.forkScoped(Stream.runCollect(calls.stream))
      yield* settle
      calls.add("a")
      yield* settle
      calls.add("b")
      yield* settle
      expect(reader.pollUnsafe()).toBeUndefined()
      calls.end()
      expect(yield* Fiber.join(reader)).toEqual(["a", "b"])
    }))
  it.effect("are left out when they were removed, or ring no more, before they are read", () =>
    Effect.gen(function*() {
      const { calls, silence } = ringing()
      for (const call of ["removed", "accepted", "rings"]) calls.add(call)
      calls.remove("removed")
      silence("accepted")
      expect(yield* Stream.runHead(calls.stream)).toMatchObject({ value: "rings" })
      calls.add("late")
      silence("late")
      calls.end()
      expect(yield* Stream.runCollect(calls.stream)).toEqual([])
    }))
  it.effect("are not lost to a reader that went away while it waited", () =>
    Effect.gen(function*() {
      const { calls } = ringing()
      const waiting = yield* Effect.forkScoped(Stream.runHead(calls.stream))
      yield* settle
      yield* Fiber.interrupt(waiting)
      calls.add("a")
      expect(yield* Stream.runHead(calls.stream)).toMatchObject({ value: "a" })
    }))
  it.effect("that ring no more when a reader wakes leave it waiting", () =>
    Effect.gen(function*() {
      const { calls, silence } = ringing()
      const reader = yield* Effect.forkScoped(Stream.runHead(calls.stream))
      yield* settle
      silence("a")
      calls.add("a")
      yield* settle
      expect(reader.pollUnsafe()).toBeUndefined()
      calls.add("b")
      expect(yield* Fiber.join(reader)).toMatchObject({ value: "b" })
    }))
})
