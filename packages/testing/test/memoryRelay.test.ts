import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { memoryRelay } from "../src/index.ts"

describe("a relay in memory", () => {
  it.effect("hands each text on once, in order, with its sender's name, and keeps a log", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const ann = yield* relay.join("ann")
      const bob = yield* relay.join("bob")
      for (const text of ["1", "2", "3"]) yield* ann.send(text, "bob")
      expect(yield* Stream.runCollect(Stream.take(bob.incoming, 3))).toEqual(["1", "2", "3"].map((text) => ({ peer: "ann", text })))
      expect(relay.log).toEqual(["1", "2", "3"].map((text) => ({ from: "ann", to: "bob", text })))
    }))
  it.effect("loses what goes to a name that nobody has", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const ann = yield* relay.join("ann")
      yield* ann.send("hello?", "nobody")
      const late = yield* Effect.scoped(Effect.andThen(relay.join("nobody"), ({ incoming }) => Effect.succeed(incoming)))
      expect(yield* Stream.runCollect(late)).toEqual([])
    }))
  it.effect("closes a channel with its scope: it ends, and takes nothing more", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const scope = yield* Scope.make()
      const ann = yield* Scope.provide(relay.join("ann"), scope)
      yield* Scope.close(scope, Exit.void)
      expect(yield* Stream.runCollect(ann.incoming)).toEqual([])
      expect(yield* Effect.flip(ann.send("x", "bob"))).toMatchObject({ _tag: "ChannelClosed", operation: "send" })
    }))
  it.effect("gives a name to whoever joins last, and does not take it back with the first", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const scope = yield* Scope.make()
      const old = yield* Scope.provide(relay.join("ann"), scope)
      const young = yield* relay.join("ann")
      expect(yield* Effect.flip(old.send("x", "bob"))).toMatchObject({ _tag: "ChannelClosed" })
      expect(yield* Stream.runCollect(old.incoming)).toEqual([])
      yield* Scope.close(scope, Exit.void)
      yield* young.send("to myself", "ann")
      expect(yield* Stream.runCollect(Stream.take(young.incoming, 1))).toEqual([{ peer: "ann", text: "to myself" }])
    }))
})
