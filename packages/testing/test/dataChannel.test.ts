import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { makeSubject, reach, theirDataAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

describe("data channels and figures", () => {
  const inCall = Effect.gen(function*() {
    const subject = yield* makeSubject({ config: { enableData: true } })
    yield* subject.session.createOffer()
    yield* subject.session.acceptAnswer(theirDataAnswer)
    yield* settle
    return subject
  })
  it.effect("a channel carries messages both ways, and closes with the call", () =>
    Effect.gen(function*() {
      const { events, mock, session } = yield* inCall
      const channel = yield* session.openDataChannel("chat", { protocol: "text" })
      expect([channel.label, channel.protocol]).toEqual(["chat", "text"])
      yield* channel.send("hello")
      expect(mock.peer.messagesSent).toEqual([{ label: "chat", data: "hello" }])
      const receive = mock.peer.remoteDataChannel("theirs")
      yield* settle
      const opened = events.find((event) => event._tag === "DataChannelOpened")
      if (opened?._tag !== "DataChannelOpened") throw new Error("no channel")
      receive("hi")
      receive(new Uint8Array([1, 2]))
      expect(yield* Stream.runCollect(Stream.take(opened.channel.messages, 2))).toEqual(["hi", new Uint8Array([1, 2])])
      yield* session.hangup()
      yield* settle
      expect(yield* Stream.runCollect(channel.messages)).toEqual([])
    }))
  it.effect("a channel that was not negotiated is the engine's error", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("up")
      expect(yield* Effect.flip(session.openDataChannel("chat"))).toMatchObject({ _tag: "WebRtcError", operation: "openDataChannel" })
    }))
  it.effect("a channel that never opens fails in time, and when the call ends", () =>
    Effect.gen(function*() {
      for (const [end, reason] of [["time", "Timeout"], ["hangup", "Closed"]] as const) {
        const { mock, session } = yield* inCall
        mock.faults = { never: ["openDataChannel"] }
        const opening = yield* Effect.forkScoped(Effect.flip(session.openDataChannel("chat")))
        yield* settle
        yield* end === "time" ? TestClock.adjust("10 seconds") : session.hangup()
        expect(yield* Fiber.join(opening)).toMatchObject({ _tag: "WebRtcError", operation: "openDataChannel", reason: { _tag: reason } })
        expect((yield* session.state)._tag).toBe(end === "time" ? "Connected" : "Ended")
      }
    }))
  it.effect("neither is to be had before the call is connected, nor after", () =>
    Effect.gen(function*() {
      for (const situation of ["idle", "waiting", "ringing", "ended"] as const) {
        const { session } = yield* reach(situation)
        expect(yield* Effect.flip(session.openDataChannel("chat"))).toMatchObject({ _tag: "InvalidState", operation: "openDataChannel" })
        expect(yield* Effect.flip(session.stats)).toMatchObject({ _tag: "InvalidState", operation: "stats" })
      }
    }))
  it.effect("figures are the engine's", () =>
    Effect.gen(function*() {
      const { session } = yield* inCall
      expect(yield* session.stats).toEqual({ sent: [], received: [] })
    }))
  it.effect("an engine without data says so", () =>
    Effect.gen(function*() {
      const { session } = yield* makeSubject({ capabilities: { data: false } })
      yield* session.acceptOffer(theirOffer)
      expect(yield* Effect.flip(session.openDataChannel("chat"))).toMatchObject({ reason: { _tag: "Unsupported", capability: "data" } })
    }))
})
