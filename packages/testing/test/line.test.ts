import { describe, expect, it } from "@effect/vitest"
import { CallLine, ChannelClosed, type Incoming } from "@enigma-rtc/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
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
      // Offer, candidate, that the call is answered (by Bob himself), and the end of candidates.
      expect(pair.bob.receipts.map(({ callId, peer, receipt }) => [peer, callId, receipt._tag])).toEqual(
        ["Delivered", "Delivered", "Stale", "Delivered"].map((told) => ["ann", calling.id, told])
      )
      const late = yield* Stream.runCollect(Stream.take(pair.bob.line.receipts, 4))
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
  it.effect("that is closed makes no call", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      yield* pair.ann.close
      expect(yield* Effect.flip(pair.ann.line.call("bob"))).toMatchObject({ _tag: "ChannelClosed", operation: "call" })
      yield* settle
      expect(pair.ann.mock.peers).toEqual([])
      expect(pair.bob.rang).toEqual([])
    }))
  it.effect.each(["ends", "fails", "dies"] as const)("whose channel %s takes and makes no more calls, says so, and keeps those that are on", (how) =>
    Effect.gen(function*() {
      const inbox = yield* Queue.unbounded<Incoming, Cause.Done | ChannelClosed>()
      const end = yield* openEnd({ send: () => Effect.void, incoming: Stream.fromQueue(inbox) }, "phone")
      const calling = yield* end.line.call("bob")
      const closed = yield* Effect.forkScoped(Effect.result(end.line.closed))
      yield* settle
      expect(closed.pollUnsafe()).toBeUndefined()
      const failure = new ChannelClosed({ operation: "the transport" })
      if (how === "ends") yield* Queue.end(inbox)
      else yield* Queue.failCause(inbox, how === "fails" ? Cause.fail(failure) : Cause.die("a bug in a channel"))
      yield* settle
      expect(end.ended()).toBe(true)
      expect(yield* tag(calling)).toBe("WaitingAnswer")
      expect(yield* Stream.runCollect(end.line.receipts)).toEqual([])
      expect(yield* Effect.flip(end.line.call("bob"))).toMatchObject({ _tag: "ChannelClosed", operation: "call" })
      expect(end.mock.peers).toHaveLength(1)
      const told = yield* Fiber.join(closed)
      if (how === "ends") expect(told).toMatchObject({ _tag: "Success" })
      else expect(told).toMatchObject({ _tag: "Failure", failure: how === "fails" ? failure : { _tag: "ChannelClosed", operation: "receive", cause: "a bug in a channel" } })
      // Whoever asks later is told the same.
      expect(yield* Effect.result(end.line.closed)).toEqual(told)
      yield* calling.hangup()
    }))
  it.effect("that is closed by its app is closed without a failure", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const closed = yield* Effect.forkScoped(pair.ann.line.closed)
      yield* settle
      expect(closed.pollUnsafe()).toBeUndefined()
      yield* pair.ann.close
      yield* Fiber.join(closed)
      yield* pair.ann.line.closed
    }))
  /** Hangs up a call whose channel takes two seconds for a text, and closes the line at once. */
  const closeOverSlowChannel = Effect.gen(function*() {
    const sent: Array<string> = []
    const slowly = (text: string) => Effect.andThen(Effect.sleep("2 seconds"), Effect.sync(() => sent.push((JSON.parse(text) as { readonly type: string }).type)))
    const end = yield* openEnd({ send: slowly, incoming: Stream.never }, "phone", { candidates: 0 })
    const call = yield* end.line.call("bob")
    yield* settle
    yield* TestClock.adjust("2 seconds")
    yield* call.hangup()
    const closing = yield* Effect.forkScoped(end.close)
    let seconds = 0
    for (; closing.pollUnsafe() === undefined && seconds < 60; seconds++) {
      yield* TestClock.adjust("1 second")
      yield* settle
    }
    return { seconds, sent }
  })
  it.effect("that closes right after a hangup still sends it, within the time of one operation", () =>
    Effect.gen(function*() {
      const { seconds, sent } = yield* closeOverSlowChannel
      expect(sent).toContain("hangup")
      expect(seconds).toBeLessThanOrEqual(10)
    }))
  it.effect("that closes over a slow channel says a hangup once: no repeat is due before its first copy is taken", () =>
    Effect.gen(function*() {
      const { seconds, sent } = yield* closeOverSlowChannel
      expect(sent.filter((type) => type === "hangup")).toHaveLength(1)
      expect(seconds).toBeLessThanOrEqual(4)
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
