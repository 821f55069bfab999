import { describe, expect, it } from "@effect/vitest"
import { CallLine, type CallLine as Line, type Incoming } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { MockEngine } from "../src/index.ts"
import { theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

/** A line whose `incoming` nobody reads but the test, and a way to send it anything. */
const unread = Effect.gen(function*() {
  const inbox = yield* Queue.unbounded<Incoming, Cause.Done>()
  const mock = MockEngine.make()
  const line = yield* CallLine.make({ device: "phone", channel: { send: () => Effect.void, incoming: Stream.fromQueue(inbox) } }).pipe(Effect.provide(mock.layer))
  const send = (peer: string, message: object) => Effect.andThen(Queue.offer(inbox, { peer, text: JSON.stringify(message) }), settle)
  return {
    line,
    end: Effect.andThen(Queue.end(inbox), settle),
    ring: (peer: string, callId: string) => send(peer, { type: "offer", sdp: theirOffer, call_id: callId }),
    hangUp: (peer: string, callId: string) => send(peer, { type: "hangup", call_id: callId })
  }
})
const next = (line: Line) => Effect.flatMap(Stream.runHead(line.incoming), Effect.fromOption)
const ids = (calls: ReadonlyArray<{ readonly id: string }>) => calls.map(({ id }) => id)

describe("what rings on a line", () => {
  it.effect("is lost by no reader that stops: the next one gets the next call", () =>
    Effect.gen(function*() {
      const { line, ring } = yield* unread
      for (const n of [1, 2, 3, 4]) yield* ring("bob", `b${n}`)
      for (const n of [1, 2, 3]) yield* ring("eve", `e${n}`)
      expect((yield* next(line)).id).toBe("b1")
      expect((yield* next(line)).id).toBe("b2")
      expect(ids(yield* Stream.runCollect(Stream.take(line.incoming, 2)))).toEqual(["b3", "b4"])
      const left = yield* Effect.promise(async () => {
        for await (const call of Stream.toAsyncIterable(line.incoming)) return call.id
        return undefined
      })
      expect(left).toBe("e1")
      expect(ids(yield* Stream.runCollect(Stream.take(line.incoming, 2)))).toEqual(["e2", "e3"])
    }))
  it.effect("is not lost to a reader that has gone away while it waited", () =>
    Effect.gen(function*() {
      const { line, ring } = yield* unread
      const waiting = yield* Effect.forkScoped(next(line))
      yield* settle
      yield* Fiber.interrupt(waiting)
      yield* ring("bob", "b1")
      expect((yield* next(line)).id).toBe("b1")
    }))
  it.effect("wakes one of several readers, each call once", () =>
    Effect.gen(function*() {
      const { end, line, ring } = yield* unread
      const readers = yield* Effect.forEach([1, 2], () => Effect.forkScoped(Stream.runCollect(line.incoming)))
      yield* settle
      for (const n of [1, 2, 3, 4]) yield* ring("bob", `b${n}`)
      yield* end
      const seen = yield* Effect.forEach(readers, (reader) => Fiber.join(reader))
      expect(ids(seen.flat()).toSorted()).toEqual(["b1", "b2", "b3", "b4"])
    }))
  it.effect("is not offered when it is over before it is read", () =>
    Effect.gen(function*() {
      const { hangUp, line, ring } = yield* unread
      for (const n of [1, 2, 3]) yield* ring("bob", `b${n}`)
      yield* hangUp("bob", "b1")
      expect((yield* next(line)).id).toBe("b2")
      yield* hangUp("bob", "b3")
      const waiting = yield* Effect.forkScoped(next(line))
      yield* settle
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* ring("bob", "b4")
      expect((yield* Fiber.join(waiting)).id).toBe("b4")
    }))
  it.effect("is not pushed out by a peer that calls and hangs up 70 times", () =>
    Effect.gen(function*() {
      const { hangUp, line, ring } = yield* unread
      yield* ring("bob", "b1")
      for (let n = 0; n < 70; n++) {
        yield* ring("eve", `e${n}`)
        yield* hangUp("eve", `e${n}`)
      }
      yield* ring("bob", "b2")
      expect(ids(yield* Stream.runCollect(Stream.take(line.incoming, 2)))).toEqual(["b1", "b2"])
      const waiting = yield* Effect.forkScoped(next(line))
      yield* settle
      expect(waiting.pollUnsafe()).toBeUndefined()
    }))
  it.effect("is still offered after the channel has ended, and then there is an end for every reader", () =>
    Effect.gen(function*() {
      const { end, line, ring } = yield* unread
      yield* ring("bob", "b1")
      yield* end
      expect(ids(yield* Stream.runCollect(line.incoming))).toEqual(["b1"])
      expect(yield* Stream.runCollect(line.incoming)).toEqual([])
    }))
})
