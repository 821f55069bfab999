import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { iceCandidate, reach, tagsOf, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

const config = { ringTimeoutMs: 60_000, connectTimeoutMs: 30_000, reconnectTimeoutMs: 20_000 }
const ended = (by: "local" | "remote", reason: string) => ({ _tag: "Ended", by, reason })

describe("a call that nobody answers ends", () => {
  it.effect("for its caller after ringTimeoutMs, with a hangup", () =>
    Effect.gen(function*() {
      const { events, mock, sent, session } = yield* reach("waiting", { config })
      yield* TestClock.adjust(config.ringTimeoutMs - 1)
      expect((yield* session.state)._tag).toBe("WaitingAnswer")
      yield* TestClock.adjust(1)
      yield* settle
      expect(yield* session.state).toEqual(ended("local", "ring_timeout"))
      expect(sent.at(-1)).toEqual({ type: "hangup", reason: "ring_timeout", call_id: "call-1" })
      expect(events.at(-1)).toEqual({ _tag: "ConnectionClosed", by: "local", reason: "ring_timeout" })
      expect(mock.peer.timesClosed).toBe(1)
    }))
  it.effect("for its callee after ringTimeoutMs, with a hangup, and no engine was opened", () =>
    Effect.gen(function*() {
      const { mock, sent, session } = yield* reach("ringing", { config })
      yield* TestClock.adjust(config.ringTimeoutMs)
      yield* settle
      expect(yield* session.state).toEqual(ended("local", "ring_timeout"))
      expect(sent).toEqual([{ type: "hangup", reason: "ring_timeout", call_id: "call-1" }])
      expect(mock.peers).toEqual([])
    }))
})

describe("a timer that is stopped never fires:", () => {
  it.effect("ring, for a caller who is answered", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("up", { config })
      yield* TestClock.adjust("1 hour")
      expect(yield* session.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
    }))
  it.effect("ring, for a callee who accepts at the last moment", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("ringing", { config })
      yield* TestClock.adjust(config.ringTimeoutMs - 1)
      yield* session.accept()
      yield* TestClock.adjust("1 hour")
      expect(yield* session.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
    }))
  it.effect("connect, when media comes up", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("connecting", { config })
      yield* TestClock.adjust(config.connectTimeoutMs - 1)
      mock.peer.link("up")
      yield* TestClock.adjust("1 hour")
      expect(yield* session.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
    }))
  it.effect("every one, when the call ends", () =>
    Effect.gen(function*() {
      for (const situation of ["waiting", "ringing", "connecting", "interrupted"] as const) {
        const { events, session } = yield* reach(situation, { config })
        yield* session.hangup()
        yield* settle
        const before = [...events]
        yield* TestClock.adjust("1 hour")
        expect(yield* session.state).toEqual(ended("local", "normal"))
        expect(events).toEqual(before)
      }
    }))
})

describe("a call without media ends", () => {
  it.effect("connectTimeoutMs after its answer, for the caller", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* reach("connecting", { config })
      yield* TestClock.adjust(config.connectTimeoutMs - 1)
      expect((yield* session.state)._tag).toBe("Connected")
      yield* TestClock.adjust(1)
      yield* settle
      expect(yield* session.state).toEqual(ended("local", "connect_timeout"))
      expect(sent.at(-1)).toEqual({ type: "hangup", reason: "connect_timeout", call_id: "call-1" })
    }))
  it.effect("connectTimeoutMs after its answer, for the callee", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("idle", { config, connects: false })
      yield* session.acceptOffer(theirOffer)
      yield* TestClock.adjust(config.connectTimeoutMs)
      yield* settle
      expect(yield* session.state).toEqual(ended("local", "connect_timeout"))
      expect(mock.peer.timesClosed).toBe(1)
    }))
})

describe("an interruption", () => {
  it.effect("ends the call after reconnectTimeoutMs", () =>
    Effect.gen(function*() {
      const { events, sent, session } = yield* reach("interrupted", { config })
      yield* TestClock.adjust(config.reconnectTimeoutMs - 1)
      expect((yield* session.state)._tag).toBe("Connected")
      yield* TestClock.adjust(1)
      yield* settle
      expect(yield* session.state).toEqual(ended("local", "ice_failed"))
      expect(sent.at(-1)).toEqual({ type: "hangup", reason: "ice_failed", call_id: "call-1" })
      expect(tagsOf(events).slice(-4)).toEqual(["ConnectionInterrupted", "StateChanged", "StateChanged", "ConnectionClosed"])
    }))
  it.effect("that is over in time is told, and the next one has the whole time again", () =>
    Effect.gen(function*() {
      const { events, mock, session } = yield* reach("interrupted", { config })
      for (let n = 0; n < 3; n++) {
        yield* TestClock.adjust(config.reconnectTimeoutMs - 1)
        mock.peer.link("up")
        yield* settle
        expect(yield* session.state).toMatchObject({ media: { _tag: "Up" } })
        mock.peer.link("interrupted")
        yield* settle
      }
      expect(tagsOf(events).filter((tag) => tag === "ConnectionRestored")).toHaveLength(3)
      expect(tagsOf(events).filter((tag) => tag === "ConnectionEstablished")).toHaveLength(1)
    }))
})

it.effect("a message never makes a call ring longer", () =>
  Effect.gen(function*() {
    const { session } = yield* reach("ringing", { config })
    for (let n = 0; n < 6; n++) {
      yield* TestClock.adjust(config.ringTimeoutMs / 6)
      yield* session.receive({ type: "offer", sdp: theirOffer })
      yield* session.receive(iceCandidate(n))
    }
    yield* settle
    expect(yield* session.state).toEqual(ended("local", "ring_timeout"))
  }))

it.effect("an answer that comes with the last moment of ringing is taken, one after it is not", () =>
  Effect.gen(function*() {
    const early = yield* reach("waiting", { config })
    yield* TestClock.adjust(config.ringTimeoutMs - 1)
    expect(yield* early.session.receive({ type: "answer", sdp: theirAnswer })).toEqual({ _tag: "Delivered" })
    const late = yield* reach("waiting", { config })
    yield* TestClock.adjust(config.ringTimeoutMs)
    expect((yield* late.session.receive({ type: "answer", sdp: theirAnswer }))._tag).toBe("Stale")
    yield* settle
    expect(typesOf(late.sent)).toEqual(["offer", "hangup"])
    expect((yield* early.session.state)._tag).toBe("Connected")
  }))
