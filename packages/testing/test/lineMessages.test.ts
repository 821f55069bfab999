import { describe, expect, it } from "@effect/vitest"
import type { Receipt } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { memoryRelay } from "../src/index.ts"
import { connect, type End, lastRang, offer, openEnd, openPair, sentFrom, stranger, withStranger } from "./line.ts"
import { hostLine, iceCandidate, theirAnswer } from "./session.ts"
import { settle } from "./settle.ts"

const lastReceipt = (end: End): Receipt | undefined => end.receipts.at(-1)?.receipt
const tag = (call: { readonly state: Effect.Effect<{ readonly _tag: string }> }) => Effect.map(call.state, ({ _tag }) => _tag)

describe("a text that a line cannot use is refused or stale, and harms nothing:", () => {
  it.effect.each([
    "",
    "not json",
    "{}",
    `{"type":"ack","to":"phone.1","ack":0}`,
    `{"type":"restart","call_id":"c1"}`,
    `{"type":"offer","sdp":"not sdp","from":"far.1","call_id":"c1"}`,
    `{"type":"hangup","type":"hangup"}`,
    "[".repeat(100_000)
  ])("%.40s", (text) =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      yield* eve.send("ann", text)
      expect(end.receipts).toMatchObject([{ peer: "eve", receipt: { _tag: "Refused", error: { _tag: expect.stringMatching(/^(JsonError|InvalidSdp)$/) } } }])
      yield* eve.send("ann", offer("c2"))
      expect(lastReceipt(end)).toEqual({ _tag: "Delivered" })
      expect(end.rang).toHaveLength(1)
      expect(sentFrom(relay, "ann")).toEqual([])
    }))
  it.effect("answers of calls that nobody knows (SIG-12)", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      for (const message of [{ type: "answer", sdp: theirAnswer, call_id: "c9" }, { type: "answer", sdp: theirAnswer }]) {
        yield* eve.send("ann", message)
        expect(lastReceipt(end)).toMatchObject({ _tag: "Stale", why: expect.stringMatching(/\w/) })
      }
      expect(end.rang).toEqual([])
      expect(sentFrom(relay, "ann")).toEqual([])
    }))
  it.effect.each([{ from: "far.1", to: "phone.1" }, { from: "far.1", to: "phone.1", ack: 1 }, { from: "far.1", to: "phone.1", ack: -1 }, { from: "far.1", to: "desk.1", ack: 0 }])("the acknowledgement %o", (fields) =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      yield* eve.send("ann", { type: "ack", ...fields })
      yield* eve.send("ann", { type: "ack", ...fields, to: end.line.from, ack: "ack" in fields ? fields.ack : undefined })
      expect(end.receipts.map(({ receipt }) => receipt._tag).filter((told) => told !== "Stale" && told !== "Refused")).toEqual(fields.ack === 0 ? ["Delivered"] : [])
      expect(end.rang).toEqual([])
      expect(sentFrom(relay, "ann")).toEqual([])
    }))
  it.effect("hangups of calls that nobody knows yet are held: their offer may be on its way (R9, SIG-17, SIG-28)", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      for (const message of [{ type: "hangup", call_id: "c9" }, { type: "hangup" }]) {
        yield* eve.send("ann", message)
        expect(lastReceipt(end)).toMatchObject({ _tag: "Held", why: expect.stringMatching(/\w/) })
      }
      expect(end.rang).toEqual([])
      expect(sentFrom(relay, "ann")).toEqual([])
    }))
  it.effect("its own messages, echoed by the channel", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const end = yield* openEnd(yield* relay.join("ann"), "phone")
      const echo = yield* stranger(relay, "echo")
      yield* end.line.call("nobody")
      yield* settle
      for (const message of sentFrom(relay, "ann")) {
        yield* echo.send("ann", message)
        expect(lastReceipt(end)).toMatchObject({ _tag: "Stale", why: expect.stringContaining("own") })
      }
      expect(end.rang).toEqual([])
    }))
})

describe("candidates that come before their offer (SIG-28)", () => {
  it.effect("are held, and applied after it", () =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      for (const n of [1, 2]) {
        yield* eve.send("ann", { ...iceCandidate(n), from: "far.1", call_id: "c1" })
        expect(lastReceipt(end)).toMatchObject({ _tag: "Held" })
      }
      yield* eve.send("ann", { ...iceCandidate(3), from: "far.1", call_id: "c2" })
      yield* eve.send("ann", offer("c1"))
      yield* lastRang(end).accept()
      yield* settle
      expect(end.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toEqual([1, 2].map(hostLine))
    }))
  it.effect("of another of the peer's devices are not applied: the call is with the one that offered it", () =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      for (const [n, from] of [[1, {}], [2, { from: "tab.1" }], [3, { from: "far.1" }]] as const) {
        yield* eve.send("ann", { ...iceCandidate(n), ...from, call_id: "c1" })
      }
      yield* eve.send("ann", offer("c1"))
      yield* lastRang(end).accept()
      yield* settle
      expect(end.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toEqual([hostLine(3)])
    }))
  it.effect("of another peer are not applied to the call that they name", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      const mallory = yield* stranger(relay, "mallory")
      yield* mallory.send("ann", { ...iceCandidate(66), from: "far.1", call_id: "c1" })
      yield* eve.send("ann", offer("c1"))
      yield* lastRang(end).accept()
      yield* settle
      expect(end.mock.peer.candidatesAdded).toEqual([])
    }))
  it.effect("are kept for two calls of one peer: its oldest goes first, and another peer's stay", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      const bob = yield* stranger(relay, "bob")
      yield* bob.send("ann", { ...iceCandidate(7), from: "far.1", call_id: "b0" })
      for (const n of [0, 1, 2]) yield* eve.send("ann", { ...iceCandidate(n), from: "far.1", call_id: `c${n}` })
      const added: Array<ReadonlyArray<string>> = []
      for (const [far, callId] of [[bob, "b0"], [eve, "c0"], [eve, "c1"], [eve, "c2"]] as const) {
        yield* far.send("ann", offer(callId))
        yield* lastRang(end).accept()
        yield* settle
        added.push(end.mock.peer.candidatesAdded.map(({ candidate }) => candidate))
      }
      expect(added).toEqual([[hostLine(7)], [], [hostLine(1)], [hostLine(2)]])
    }))
  it.effect("are kept within bounds, and what is not kept is told to be stale", () =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      for (let n = 0; n < 100; n++) {
        yield* eve.send("ann", { ...iceCandidate(n), from: "far.1", call_id: "c1" })
        expect(lastReceipt(end)).toMatchObject({ _tag: n < 64 ? "Held" : "Stale", why: expect.stringMatching(/\w/) })
      }
      yield* eve.send("ann", offer("c1"))
      yield* lastRang(end).accept()
      yield* settle
      expect(end.mock.peer.candidatesAdded).toHaveLength(64)
    }))
})

describe("a call belongs to its peer (SIG-12):", () => {
  it.effect("a message of another one that names it is about no call", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { calling } = yield* connect(pair)
      const eve = yield* stranger(pair.relay, "eve")
      for (const [message, told] of [[{ type: "hangup" }, "Held"], [{ type: "answer", sdp: theirAnswer }, "Stale"], [iceCandidate(1), "Held"]] as const) {
        yield* eve.send("ann", { ...message, from: pair.bob.line.from, call_id: calling.id })
        expect(lastReceipt(pair.ann)).toMatchObject({ _tag: told })
      }
      expect(yield* tag(calling)).toBe("Connected")
      expect(pair.ann.rang).toEqual([])
    }))
  it.effect("one that names no call speaks in its own call only", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { calling } = yield* connect(pair)
      const eve = yield* stranger(pair.relay, "eve")
      yield* eve.send("ann", { type: "hangup" })
      expect(lastReceipt(pair.ann)).toMatchObject({ _tag: "Held" })
      expect(yield* tag(calling)).toBe("Connected")
    }))
})

describe("a call's id is its peer's own (SIG-12):", () => {
  it.effect("two peers that give their calls the same ring both, and each speaks in its own", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      const bob = yield* stranger(relay, "bob")
      for (const far of [eve, bob]) {
        yield* far.send("ann", offer("c1"))
        expect(lastReceipt(end)).toEqual({ _tag: "Delivered" })
      }
      expect(end.rang.map(({ id, peer }) => `${peer} ${id}`)).toEqual(["eve c1", "bob c1"])
      const [eves, bobs] = end.rang
      if (eves === undefined || bobs === undefined) throw new Error("nothing rang")
      yield* bobs.accept()
      yield* settle
      yield* bob.send("ann", { ...iceCandidate(1), from: "far.1", call_id: "c1" })
      expect(end.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toEqual([hostLine(1)])
      yield* eve.send("ann", { type: "hangup", from: "far.1", call_id: "c1" })
      expect([yield* tag(eves), yield* tag(bobs)]).toEqual(["Ended", "Connected"])
      // What cannot be read is its sender's, too.
      yield* eve.send("ann", { type: "answer", sdp: "not sdp", from: "far.1", call_id: "c1" })
      expect(yield* tag(bobs)).toBe("Connected")
      yield* bob.send("ann", { type: "hangup", from: "far.1", call_id: "c1" })
      expect(yield* tag(bobs)).toBe("Ended")
    }))
  it.effect("a peer that calls by the name of our call with another rings, and that call goes on", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { called, calling } = yield* connect(pair)
      const eve = yield* stranger(pair.relay, "eve")
      yield* eve.send("ann", offer(calling.id))
      expect(pair.ann.rang.map(({ id, peer }) => `${peer} ${id}`)).toEqual([`eve ${calling.id}`])
      yield* lastRang(pair.ann).decline()
      yield* settle
      expect([yield* tag(calling), yield* tag(called)]).toEqual(["Connected", "Connected"])
      yield* calling.hangup()
      yield* settle
      expect(yield* called.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
    }))
  it.effect("one that has ended with a peer may be another's next, and 300 ended calls of that one make a line forget none of the first's", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      const bob = yield* stranger(relay, "bob")
      for (const far of [eve, bob]) {
        yield* far.send("ann", offer("c1"))
        expect(lastReceipt(end)).toEqual({ _tag: "Delivered" })
        yield* lastRang(end).decline()
        yield* settle
      }
      for (let n = 0; n < 300; n++) {
        yield* bob.send("ann", offer(`b${n}`))
        yield* bob.send("ann", { type: "hangup", from: "far.1", call_id: `b${n}` })
      }
      expect(end.rang).toHaveLength(302)
      yield* eve.send("ann", offer("c1"))
      expect(lastReceipt(end)).toMatchObject({ _tag: "Stale", why: expect.stringContaining("ended") })
      expect(end.rang).toHaveLength(302)
    }))
})

describe("an offer that is repeated (SIG-12)", () => {
  it.effect("rings once, while it rings and when it is answered", () =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      yield* eve.send("ann", offer("c1"))
      yield* eve.send("ann", offer("c1"))
      expect(lastReceipt(end)).toMatchObject({ _tag: "Stale" })
      yield* lastRang(end).accept()
      yield* eve.send("ann", offer("c1"))
      expect(lastReceipt(end)).toMatchObject({ _tag: "Stale" })
      expect(end.rang).toHaveLength(1)
      expect(end.mock.peers).toHaveLength(1)
    }))
  it.effect("does not ring again after its call has ended, by either end", () =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      yield* eve.send("ann", offer("c1"))
      yield* lastRang(end).decline()
      yield* eve.send("ann", offer("c2"))
      yield* eve.send("ann", { type: "hangup", from: "far.1", call_id: "c2" })
      for (const callId of ["c1", "c2"]) {
        yield* eve.send("ann", offer(callId))
        expect(lastReceipt(end)).toMatchObject({ _tag: "Stale", why: expect.stringContaining("ended") })
      }
      expect(end.rang).toHaveLength(2)
    }))
})
