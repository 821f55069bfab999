import { describe, expect, it } from "@effect/vitest"
import type { Incoming, LineCall, RtcEvent } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { lastRang, offer, openEnd, sentFrom, stranger, withStranger } from "./line.ts"
import { theirAnswer } from "./session.ts"
import { settle } from "./settle.ts"

describe("what a channel hands over may be anything:", () => {
  const things: ReadonlyArray<unknown> = [
    undefined, null, {}, 5, "text", [], () => {}, Symbol("x"),
    { peer: "eve" }, { peer: "eve", text: 5 }, { peer: "eve", text: null }, { peer: "eve", text: new String("{}") },
    { text: "{}" }, { peer: 5, text: "{}" }, { peer: null, text: "{}" }, { peer: {}, text: "{}" },
    { peer: Symbol("x"), text: "{}" },
    // What JSON.parse may make of an envelope, and what has no name at all.
    { peer: { toString: 1, valueOf: 1 }, text: "{}" },
    { peer: Object.create(null) as unknown, text: "{}" }
  ]
  it.effect.each(things.map((thing, n) => ({ n, thing })))("thing $n is refused, and the line goes on", ({ thing }) =>
    Effect.gen(function*() {
      const inbox = yield* Queue.unbounded<Incoming>()
      const end = yield* openEnd({ send: () => Effect.void, incoming: Stream.fromQueue(inbox) }, "phone")
      yield* Queue.offer(inbox, thing as Incoming)
      yield* settle
      expect(end.receipts).toMatchObject([{ peer: expect.any(String), receipt: { _tag: "Refused", error: { _tag: "JsonError", at: "the channel" } } }])
      yield* Queue.offer(inbox, { peer: "eve", text: JSON.stringify(offer("c1")) })
      yield* settle
      expect(end.rang).toHaveLength(1)
      expect(end.ended()).toBe(false)
      yield* end.line.call("eve")
    }))
})

describe("a text for a call that cannot be decoded", () => {
  /** With `from`, of a device; without it, of a peer that has no delivery fields. */
  const text = (fields: object, from: string | undefined) => JSON.stringify({ ...fields, from })
  const bad = {
    offer: (callId: string, from?: string) => text({ type: "offer", sdp: "not sdp", call_id: callId }, from),
    answer: (callId: string, from?: string) => text({ type: "answer", sdp: 5, call_id: callId }, from),
    ice_candidate: (callId: string, from?: string) => text({ type: "ice_candidate", candidate: "hello", call_id: callId }, from),
    hangup: (callId: string, from?: string) => text({ type: "hangup", reason: 5, call_id: callId }, from),
    // One that names its line is for that line's conversation only.
    ack: (callId: string) => text({ type: "ack", call_id: callId }, undefined)
  }
  type Bad = keyof typeof bad
  const fatal = ["offer", "answer"] as const
  const harmless = ["ice_candidate", "hangup", "ack"] as const
  const refusals = (call: LineCall) =>
    Effect.gen(function*() {
      const events: Array<RtcEvent> = []
      yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))))
      yield* settle
      return events.flatMap((event) => (event._tag === "MessageRefused" ? [event.error] : []))
    })
  const makeCall = (how: "made" | "ringing" | "connected") =>
    Effect.gen(function*() {
      const subject = yield* withStranger
      const { end, eve } = subject
      if (how !== "ringing") {
        const call = yield* end.line.call("eve")
        yield* settle
        if (how === "connected") yield* eve.send("ann", { type: "answer", sdp: theirAnswer, call_id: call.id })
        return { ...subject, call, from: undefined }
      }
      yield* eve.send("ann", offer("c1"))
      return { ...subject, call: lastRang(end), from: "far.1" }
    })
  const hows = ["made", "ringing", "connected"] as const
  const pairs = <T extends Bad>(types: ReadonlyArray<T>) => hows.flatMap((how) => types.map((type) => ({ how, type })))

  it.effect.each(pairs(fatal))("of type $type is told to it, and ends it, $how, with protocol_error (SIG-4)", ({ how, type }) =>
    Effect.gen(function*() {
      const { call, end, eve, from, relay } = yield* makeCall(how)
      yield* eve.send("ann", bad[type](call.id, from))
      yield* settle
      expect(end.receipts.at(-1)).toMatchObject({ peer: "eve", callId: call.id, receipt: { _tag: "Refused", error: { _tag: expect.stringMatching(/^(JsonError|InvalidSdp)$/) } } })
      expect(yield* call.state).toEqual({ _tag: "Ended", by: "local", reason: "protocol_error" })
      expect(yield* refusals(call)).toMatchObject([{ _tag: type === "offer" ? "InvalidSdp" : "JsonError" }])
      const hangup = { type: "hangup", reason: "protocol_error", from: end.line.from, call_id: call.id }
      // To whom nothing has been heard of yet it is numbered: behind the offer and its candidate.
      expect(sentFrom(relay, "ann").at(-1)).toEqual(how === "made" ? { ...hangup, seq: 2, base: 0 } : hangup)
    }))
  it.effect.each(pairs(harmless))("of type $type is told to it, $how, which goes on", ({ how, type }) =>
    Effect.gen(function*() {
      const { call, eve, from, relay } = yield* makeCall(how)
      const before = yield* call.state
      yield* eve.send("ann", bad[type](call.id, from))
      yield* settle
      expect(yield* call.state).toBe(before)
      expect(yield* refusals(call)).toMatchObject([{ _tag: expect.stringMatching(/^(JsonError|InvalidCandidate)$/) }])
      expect(sentFrom(relay, "ann").filter((message) => message.type === "hangup")).toEqual([])
    }))
  it.effect.each(pairs([...fatal, ...harmless]))("of type $type and of another peer does nothing to it, $how", ({ how, type }) =>
    Effect.gen(function*() {
      const { call, end, relay } = yield* makeCall(how)
      const mallory = yield* stranger(relay, "mallory")
      const before = yield* call.state
      const sent = relay.log.length
      yield* mallory.send("ann", bad[type](call.id))
      yield* settle
      expect(end.receipts.at(-1)).toMatchObject({ peer: "mallory", callId: call.id, receipt: { _tag: "Refused" } })
      expect(yield* call.state).toBe(before)
      expect(yield* refusals(call)).toEqual([])
      // Only what Mallory has sent herself.
      expect(relay.log).toHaveLength(sent + 1)
    }))
  const bound = ["ringing", "connected"] as const
  it.effect.each(bound.flatMap((how) => fatal.map((type) => ({ how, type }))))("of type $type and of another of the peer's devices does not end it, $how (SIG-7)", ({ how, type }) =>
    Effect.gen(function*() {
      const { call, end, eve, relay } = yield* makeCall(how)
      const before = yield* call.state
      yield* eve.send("ann", bad[type](call.id, "tab.1"))
      yield* settle
      expect(end.receipts.at(-1)).toMatchObject({ peer: "eve", callId: call.id, receipt: { _tag: "Refused" } })
      expect(yield* call.state).toBe(before)
      expect(sentFrom(relay, "ann").filter((message) => message.type === "hangup")).toEqual([])
    }))
  it.effect.each(hows.map((how) => ({ how })))("and that names no call ends the one that is on with its peer, $how", ({ how }) =>
    Effect.gen(function*() {
      const { call, end, eve, from } = yield* makeCall(how)
      yield* eve.send("ann", text({ type: "answer", sdp: "not sdp" }, from))
      yield* settle
      expect(end.receipts.at(-1)).toMatchObject({ peer: "eve", receipt: { _tag: "Refused", error: { _tag: "InvalidSdp" } } })
      expect(yield* call.state).toEqual({ _tag: "Ended", by: "local", reason: "protocol_error" })
    }))
})

it.effect("an envelope whose getters throw is refused, and the line goes on", () =>
  Effect.gen(function*() {
    const inbox = yield* Queue.unbounded<Incoming>()
    const end = yield* openEnd({ send: () => Effect.void, incoming: Stream.fromQueue(inbox) }, "phone")
    const broken = Object.defineProperty({ text: "{}" }, "peer", { get: () => { throw new Error("a bug in a transport") } })
    // A transport in JavaScript may hand over anything.
    yield* Queue.offer(inbox, broken as unknown as Incoming)
    yield* Queue.offer(inbox, { peer: "eve", text: JSON.stringify(offer("c1")) })
    yield* settle
    expect(end.receipts).toMatchObject([{ receipt: { _tag: "Refused", error: { at: "the channel" } } }, { receipt: { _tag: "Delivered" } }])
    expect(end.ended()).toBe(false)
  }))
