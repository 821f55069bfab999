import { describe, expect, it } from "@effect/vitest"
import { CallLine, ChannelClosed, type Incoming } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { MockEngine } from "../src/index.ts"
import { connect, openEnd, openPair } from "./line.ts"
import { settle } from "./settle.ts"

const tag = (call: { readonly state: Effect.Effect<{ readonly _tag: string }> }) => Effect.map(call.state, ({ _tag }) => _tag)

describe("a line", () => {
  it.effect("tells what became of each text", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { calling } = yield* connect(pair)
      expect(pair.bob.receipts.map(({ callId, peer, receipt }) => [peer, callId, receipt._tag])).toEqual(
        Array.from({ length: 3 }, () => ["ann", calling.id, "Delivered"])
      )
      const late = yield* Stream.runCollect(Stream.take(pair.bob.line.receipts, 3))
      expect(late).toEqual(pair.bob.receipts)
    }))
  it.effect("whose call fails tells it by the call's events, and can call again", () =>
    Effect.gen(function*() {
      const pair = yield* openPair({ faults: { fail: { createOffer: new Error("no camera") } } })
      const failed = yield* pair.ann.line.call("bob")
      const events = yield* Stream.runCollect(failed.events)
      expect(events.at(-1)).toMatchObject({ _tag: "ConnectionClosed", reason: "engine_error" })
      expect(pair.relay.log).toEqual([])
      pair.ann.mock.faults = {}
      const { calling } = yield* connect(pair)
      expect(yield* tag(calling)).toBe("Connected")
    }))
  it.effect("that closes hangs up its calls, ringing or connected, and ends", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const connected = yield* connect(pair)
      const ringing = yield* pair.ann.line.call("bob")
      yield* settle
      yield* pair.ann.close
      yield* settle
      for (const call of [connected.calling, ringing]) expect(yield* call.state).toMatchObject({ _tag: "Ended", by: "local", reason: "normal" })
      for (const call of pair.bob.rang) expect(yield* call.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
      expect([...pair.ann.mock.peers, ...pair.bob.mock.peers].every(({ timesClosed }) => timesClosed === 1)).toBe(true)
      expect(pair.ann.ended()).toBe(true)
      expect(pair.bob.ended()).toBe(false)
    }))
  it.effect("that closes while its channel and its engine hang is closed within the time of one call", () =>
    Effect.gen(function*() {
      const end = yield* openEnd({ send: () => Effect.never, incoming: Stream.never }, "phone", { faults: { never: ["close"] } })
      yield* Effect.forEach([1, 2, 3], () => end.line.call("bob"))
      yield* settle
      const closing = yield* Effect.forkScoped(end.close)
      for (let second = 0; second < 20; second++) yield* TestClock.adjust("1 second")
      const inTime = closing.pollUnsafe() !== undefined
      yield* TestClock.adjust("1 minute")
      expect(inTime).toBe(true)
    }))
  it.effect("that is closed makes no call that goes on", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      yield* pair.ann.close
      const calling = yield* Effect.forkScoped(pair.ann.line.call("bob"))
      yield* settle
      expect(calling.pollUnsafe()).toBeDefined()
      expect(pair.ann.mock.peers.every(({ timesClosed }) => timesClosed === 1)).toBe(true)
      expect(pair.bob.rang).toEqual([])
    }))
  it.effect.each(["ends", "fails"] as const)("whose channel %s takes no more calls, and keeps those that are on", (how) =>
    Effect.gen(function*() {
      const inbox = yield* Queue.unbounded<Incoming, Cause.Done | ChannelClosed>()
      const end = yield* openEnd({ send: () => Effect.void, incoming: Stream.fromQueue(inbox) }, "phone")
      const calling = yield* end.line.call("bob")
      yield* settle
      yield* how === "ends" ? Queue.end(inbox) : Queue.fail(inbox, new ChannelClosed({ operation: "receive" }))
      yield* settle
      expect(end.ended()).toBe(true)
      expect(yield* tag(calling)).toBe("WaitingAnswer")
      expect(yield* Stream.runCollect(end.line.receipts)).toEqual([])
    }))
  it.effect.each(["", "a b", "a.b", "é", "x".repeat(41), "a\n"])("cannot be named %j", (device) =>
    Effect.gen(function*() {
      const made = CallLine.make({ device, channel: { send: () => Effect.void, incoming: Stream.never } }).pipe(Effect.provide(MockEngine.make().layer))
      expect(yield* Effect.flip(made)).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "InvalidConfig", field: "device" } })
    }))
  it.effect("cannot have a configuration that no engine could use", () =>
    Effect.gen(function*() {
      const made = openEnd({ send: () => Effect.void, incoming: Stream.never }, "phone", { config: { iceServers: ["http://x"] } })
      expect(yield* Effect.flip(made)).toMatchObject({ reason: { field: "iceServers[0]" } })
    }))
})
