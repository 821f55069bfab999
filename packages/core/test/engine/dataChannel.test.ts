/** What every engine's data channels do, whatever the stack under them. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { makeDataChannel } from "../../src/index.ts"
import { settle } from "../settle.ts"
import { aChannel, handDriver, openHand, pending } from "./handDriver.ts"

const open = () => {
  const native = { closes: 0, buffered: 0 }
  const side = makeDataChannel({
    engine: "hand",
    label: "chat",
    protocol: "",
    send: () => Effect.void,
    bufferedAmount: () => native.buffered,
    close: () => {
      native.closes++
    }
  })
  return { native, side }
}

describe("a data channel", () => {
  it.effect("is closed with the scope that it was opened in", () =>
    Effect.gen(function*() {
      let closed = 0
      const peer = yield* openHand(handDriver({ openDataChannel: (label) => aChannel(label, () => closed++) }))
      const scope = yield* Scope.make()
      const channel = yield* Scope.provide(peer.openDataChannel("chat", { ordered: false }), scope)
      expect([channel.label, closed]).toEqual(["chat", 0])
      yield* Scope.close(scope, Exit.void)
      expect(closed).toBe(1)
      expect(yield* Stream.runCollect(channel.messages)).toEqual([])
    }))
  it.effect("that opens after its caller has gone away is closed", () =>
    Effect.gen(function*() {
      let closed = 0
      const opened = pending<void>()
      const peer = yield* openHand(handDriver({
        openDataChannel: async (label) => {
          await opened.promise
          return aChannel(label, () => closed++)
        }
      }))
      const caller = yield* Effect.forkScoped(Effect.scoped(peer.openDataChannel("chat")))
      yield* settle
      yield* Fiber.interrupt(caller)
      opened.resolve()
      yield* settle
      expect(closed).toBe(1)
    }))
  it.effect("tells each message once, in order, to a reader who comes late, and ends", () =>
    Effect.gen(function*() {
      const { side } = open()
      side.received("one")
      side.received(new Uint8Array([2]))
      side.closed()
      side.received("too late")
      expect(yield* Stream.runCollect(side.channel.messages)).toEqual(["one", new Uint8Array([2])])
    }))
  it.effect("leaves to the next reader what the one before did not take", () =>
    Effect.gen(function*() {
      const { side } = open()
      for (const text of ["one", "two", "three", "four", "five"]) side.received(text)
      side.closed()
      const { messages } = side.channel
      expect(yield* Stream.runHead(messages)).toEqual(Option.some("one"))
      expect(yield* Stream.runCollect(Stream.take(messages, 2))).toEqual(["two", "three"])
      yield* Effect.promise(async () => {
        for await (const text of Stream.toAsyncIterable(messages)) {
          expect(text).toBe("four")
          break
        }
      })
      expect(yield* Stream.runCollect(messages)).toEqual(["five"])
    }))
  it.effect("loses nothing to a reader that goes away while it waits", () =>
    Effect.gen(function*() {
      const { side } = open()
      const waiting = yield* Effect.forkScoped(Stream.runHead(side.channel.messages))
      yield* settle
      yield* Fiber.interrupt(waiting)
      side.received("1")
      expect(yield* Stream.runHead(side.channel.messages)).toEqual(Option.some("1"))
    }))
  const mebibyte = (n: number) => new Uint8Array(2 ** 20 - 64).fill(n)

  it.effect("holds 16 MiB unread; what goes beyond closes it, and the reader fails after those", () =>
    Effect.gen(function*() {
      const { native, side } = open()
      for (let n = 0; n < 16; n++) side.received(mebibyte(n))
      expect(native.closes).toBe(0)
      for (let n = 0; n < 3; n++) side.received("")
      expect(native.closes).toBe(1)
      side.closed()
      const seen: Array<number | string | undefined> = []
      const error = yield* Effect.flip(
        Stream.runForEach(side.channel.messages, (data) => Effect.sync(() => seen.push(data[0])))
      )
      expect(seen).toEqual(Array.from({ length: 16 }, (_, n) => n))
      expect(error).toMatchObject({ engine: "hand", operation: "messages", reason: { _tag: "TooMany", limit: 16 * 2 ** 20 } })
      expect(error.message).toBe(`hand messages: more than ${16 * 2 ** 20} bytes wait unread`)
    }))
  it.effect("has room again for what has been read, also for empty messages, which count too", () =>
    Effect.gen(function*() {
      const { native, side } = open()
      for (let n = 0; n < 16 * 2 ** 14; n++) side.received("")
      yield* Stream.runDrain(Stream.take(side.channel.messages, 1))
      side.received("")
      expect(native.closes).toBe(0)
      side.received("")
      expect(native.closes).toBe(1)
    }))
  it.effect("that was full when it closed of itself has lost nothing, and ends well", () =>
    Effect.gen(function*() {
      const { native, side } = open()
      for (let n = 0; n < 16; n++) side.received(mebibyte(n))
      side.closed()
      side.received("too late")
      expect([(yield* Stream.runCollect(side.channel.messages)).length, native.closes]).toEqual([16, 0])
    }))
  it.effect("tells the stack's buffered bytes as they are at the time", () =>
    Effect.gen(function*() {
      const { native, side } = open()
      expect(yield* side.channel.bufferedAmount).toBe(0)
      native.buffered = 5_000
      expect(yield* side.channel.bufferedAmount).toBe(5_000)
    }))
})
