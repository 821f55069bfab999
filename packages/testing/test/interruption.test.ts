/** An app that is stopped in the middle of a call leaves nobody behind. */
import { CallLine } from "@enigma-rtc/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { memoryRelay, MockEngine } from "../src/index.ts"

describe("interrupting the fiber that holds a line", () => {
  it.live("hangs up its calls, tells their peers, and closes their connections", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const mock = MockEngine.make()
      const bob = yield* CallLine.make({ device: "bob", channel: yield* relay.join("bob") }).pipe(Effect.provide(mock.layer))
      const app = yield* Effect.gen(function*() {
        const alice = yield* CallLine.make({ device: "alice", channel: yield* relay.join("alice") })
        yield* alice.call("bob")
        return yield* Effect.never
      }).pipe(Effect.scoped, Effect.provide(mock.layer), Effect.forkChild)
      const call = yield* Effect.flatMap(Stream.runHead(bob.incoming), Effect.fromOption)
      yield* call.accept()
      yield* Fiber.interrupt(app)
      yield* Stream.runDrain(call.events)
      assert.deepStrictEqual(yield* call.state, { _tag: "Ended", by: "remote", reason: "normal" })
      assert.deepStrictEqual(mock.peers.map(({ timesClosed }) => timesClosed), [1, 1])
    }).pipe(Effect.scoped))
})
