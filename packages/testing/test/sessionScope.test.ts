import { describe, expect, it } from "@effect/vitest"
import { CallSession } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { MockEngine } from "../src/index.ts"
import { makeSubject, reach, situations, tagsOf, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

describe("when its scope closes, a call", () => {
  it.effect.each(situations.filter((situation) => situation !== "ended"))("that is %s ends, and leaves no peer open", (situation) =>
    Effect.gen(function*() {
      const { close, events, mock, sent, session } = yield* reach(situation)
      const before = typesOf(sent).filter((type) => type === "hangup").length
      const closing = yield* Effect.forkScoped(close)
      yield* settle
      yield* TestClock.adjust("10 seconds")
      yield* settle
      expect(closing.pollUnsafe()).toBeDefined()
      expect(yield* session.state).toMatchObject({ _tag: "Ended", by: "local", reason: "normal" })
      expect(mock.peers.every(({ timesClosed }) => timesClosed === 1)).toBe(true)
      // The peer is told, if it knows of the call and has not been told.
      const knows = situation !== "idle" && situation !== "creating"
      expect(typesOf(sent).filter((type) => type === "hangup")).toHaveLength(knows ? 1 : 0)
      expect(before).toBe(situation === "ending" ? 1 : 0)
      expect(tagsOf(events).at(-1)).toBe("ConnectionClosed")
    }))
  it.effect("sends its hangup before the scope is closed, though the channel is slow", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const { close, session } = yield* makeSubject({ send: ({ type }) => Effect.andThen(Effect.sleep("2 seconds"), Effect.sync(() => log.push(type))) })
      yield* session.createOffer()
      const closing = yield* Effect.forkScoped(Effect.andThen(close, Effect.sync(() => log.push("closed"))))
      yield* TestClock.adjust("2 seconds")
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(closing)
      expect(log).toEqual(["offer", "hangup", "closed"])
    }))
  it.effect("ends every stream, and every wait", () =>
    Effect.gen(function*() {
      const { close, session } = yield* reach("creating")
      const readers = yield* Effect.forEach([session.events, session.changes], (stream) => Effect.forkScoped(Stream.runDrain<unknown, never, never>(stream)))
      const offer = yield* Effect.forkScoped(Effect.flip(session.setMicrophoneEnabled(false)))
      yield* settle
      yield* close
      yield* settle
      for (const reader of readers) expect(reader.pollUnsafe()).toMatchObject({ _tag: "Success" })
      expect(yield* Fiber.join(offer)).toHaveProperty("_tag")
      expect(yield* Effect.flip(session.createOffer())).toMatchObject({ _tag: "InvalidState", state: "Ended" })
    }))
  it.effect("that the user interrupts with its scope still closes its peer once", () =>
    Effect.gen(function*() {
      const mock = MockEngine.make()
      const call = Effect.scoped(Effect.gen(function*() {
        const session = yield* CallSession.make()
        yield* session.createOffer()
        return yield* Effect.never
      })).pipe(Effect.provide(mock.layer))
      const fiber = yield* Effect.forkScoped(call)
      yield* settle
      expect(mock.peer.timesClosed).toBe(0)
      yield* Fiber.interrupt(fiber)
      yield* settle
      expect(mock.peer.timesClosed).toBe(1)
    }))
})

it.effect("a configuration that no engine could use is refused before anything is opened", () =>
  Effect.gen(function*() {
    const mock = MockEngine.make()
    const made = Effect.provide(CallSession.make({ ringTimeoutMs: 0 }), mock.layer)
    expect(yield* Effect.flip(made)).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "InvalidConfig", field: "ringTimeoutMs" } })
    expect(mock.peers).toEqual([])
  }))
