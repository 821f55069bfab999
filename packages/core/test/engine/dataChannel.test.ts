import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { makeDataChannel } from "../../src/engine/index.ts"
import { settle } from "../settle.ts"

const aSide = () => makeDataChannel({ label: "chat", protocol: "", send: () => Effect.void, close: () => {} })

describe("the messages of a data channel", () => {
  it.effect("are lost by no reader that stops: the next one gets the next message", () =>
    Effect.gen(function*() {
      const { channel, closed, received } = aSide()
      for (const message of ["1", "2", "3", "4", "5", "6"]) received(message)
      expect(yield* Stream.runHead(channel.messages)).toMatchObject({ value: "1" })
      expect(yield* Stream.runCollect(Stream.take(channel.messages, 2))).toEqual(["2", "3"])
      const left = yield* Effect.promise(async () => {
        for await (const message of Stream.toAsyncIterable(channel.messages)) return message
        return undefined
      })
      expect(left).toBe("4")
      closed()
      expect(yield* Stream.runCollect(channel.messages)).toEqual(["5", "6"])
      expect(yield* Stream.runCollect(channel.messages)).toEqual([])
    }))
  it.effect("are not lost to a reader that went away while it waited", () =>
    Effect.gen(function*() {
      const { channel, received } = aSide()
      const waiting = yield* Effect.forkScoped(Stream.runHead(channel.messages))
      yield* settle
      yield* Fiber.interrupt(waiting)
      received("1")
      expect(yield* Stream.runHead(channel.messages)).toMatchObject({ value: "1" })
    }))
})
