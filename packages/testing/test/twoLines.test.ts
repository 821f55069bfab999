import { describe, expect, it } from "@effect/vitest"
import type { SignalingMessage } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { connect, lastRang, openPair, sentFrom } from "./line.ts"
import { tagsOf, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

const tag = (call: { readonly state: Effect.Effect<{ readonly _tag: string }> }) => Effect.map(call.state, ({ _tag }) => _tag)

describe("two lines", () => {
  it.effect("call, ring, accept, and hang up", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const calling = yield* pair.ann.line.call("bob")
      expect(yield* tag(calling)).toBe("CreatingOffer")
      yield* settle
      const called = lastRang(pair.bob)
      expect([yield* tag(calling), yield* tag(called)]).toEqual(["WaitingAnswer", "IncomingOffer"])
      expect([calling.peer, called.peer]).toEqual(["bob", "ann"])
      expect(called.id).toBe(calling.id)
      yield* called.accept()
      yield* settle
      for (const call of [calling, called]) expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
      yield* called.hangup()
      yield* settle
      expect(yield* calling.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
      expect(yield* called.state).toEqual({ _tag: "Ended", by: "local", reason: "normal" })
      expect([pair.ann.mock.peer.timesClosed, pair.bob.mock.peer.timesClosed]).toEqual([1, 1])
    }))
  it.effect("decline, with a reason", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openPair()
      const calling = yield* ann.line.call("bob")
      yield* settle
      yield* lastRang(bob).decline("busy")
      yield* settle
      expect(yield* calling.state).toEqual({ _tag: "Ended", by: "remote", reason: "busy" })
      expect(bob.mock.peers).toEqual([])
    }))
  it.effect("stop ringing when the caller gives up", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openPair()
      const calling = yield* ann.line.call("bob")
      yield* settle
      yield* calling.hangup()
      yield* settle
      expect(yield* lastRang(bob).state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
      expect(yield* Effect.flip(lastRang(bob).accept())).toMatchObject({ _tag: "InvalidState", state: "Ended" })
    }))
  it.effect.each(["ringing", "connected"] as const)("hang up at the same moment, %s: each has ended by its own, and the other's is stale (SIG-17)", (when) =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const calling = yield* pair.ann.line.call("bob")
      yield* settle
      const called = lastRang(pair.bob)
      if (when === "connected") yield* Effect.andThen(called.accept(), settle)
      const [before, seen] = [pair.ann.receipts.length, pair.bob.receipts.length]
      yield* Effect.all([calling.hangup(), called.hangup()], { concurrency: "unbounded" })
      yield* settle
      for (const call of [calling, called]) expect(yield* call.state).toEqual({ _tag: "Ended", by: "local", reason: "normal" })
      for (const receipts of [pair.ann.receipts.slice(before), pair.bob.receipts.slice(seen)]) {
        const told = receipts.map(({ receipt }) => receipt._tag).filter((receipt) => receipt !== "Repeated")
        expect(new Set(told)).toEqual(new Set(["Stale"]))
      }
      // The next call finds both free.
      const next = yield* connect(pair)
      expect([yield* tag(next.calling), yield* tag(next.called)]).toEqual(["Connected", "Connected"])
    }))
  it.effect("give up together when nobody answers", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openPair()
      const calling = yield* ann.line.call("bob")
      yield* settle
      yield* TestClock.adjust("60 seconds")
      yield* settle
      expect(yield* calling.state).toMatchObject({ _tag: "Ended", reason: "ring_timeout" })
      expect(yield* lastRang(bob).state).toMatchObject({ _tag: "Ended", reason: "ring_timeout" })
    }))
  it.effect("name the sender and the call in every message", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { called, calling } = yield* connect(pair)
      yield* called.hangup()
      yield* settle
      const ann = sentFrom(pair.relay, "ann")
      const bob = sentFrom(pair.relay, "bob")
      const isOf = (line: string) => (message: SignalingMessage) => message.type !== "ack" && message.call_id === calling.id && message.from === line
      expect(ann.every(isOf(pair.ann.line.from))).toBe(true)
      expect(bob.every(isOf(pair.bob.line.from))).toBe(true)
      expect(typesOf(ann)).toEqual(["offer", "ice_candidate", "hangup", "ice_candidate"])
      // Bob's other devices, if he has any, are told who won the call (R6).
      expect(ann[2]).toMatchObject({ type: "hangup", reason: "answered_elsewhere", answered_by: pair.bob.line.from })
      expect(ann[2]).not.toHaveProperty("to")
      // Numbers run without a gap, and what is for one line says so, and what has come from it (R2, SIG-2, SIG-7).
      for (const [sent, other] of [[ann, pair.bob], [bob, pair.ann]] as const) {
        expect(sent.map((message) => "seq" in message && message.seq)).toEqual(sent.map((_, n) => n))
        const addressed = sent.filter(({ to }) => to !== undefined)
        expect(addressed.every((message) => message.to === other.line.from && (message.ack ?? -1) > 0)).toBe(true)
      }
      expect(bob.every(({ to }) => to === pair.ann.line.from)).toBe(true)
      for (const message of [...ann, ...bob]) if (message.type !== "hangup") expect(message).toHaveProperty("negotiation", 0)
      expect(typesOf(bob)).toEqual(["answer", "ice_candidate", "ice_candidate", "hangup"])
      expect(pair.ann.line.from).toMatch(/^phone\.[a-z0-9]{23}$/)
      expect(pair.bob.line.from).toMatch(/^desk\./)
      // Both are aware, so each end-of-candidates has arrived.
      expect(pair.bob.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toContain("")
      expect(pair.ann.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toContain("")
    }))
  it.effect("hold several calls at once, and each message finds its own", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const first = yield* connect(pair)
      const second = yield* connect(pair)
      expect(first.calling.id).not.toBe(second.calling.id)
      yield* first.called.hangup("normal")
      yield* settle
      expect([yield* tag(first.calling), yield* tag(second.calling)]).toEqual(["Ended", "Connected"])
      yield* second.calling.hangup()
      yield* settle
      expect(pair.ann.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1, 1])
    }))
  it.effect("take media with a call and with its acceptance", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openPair({ config: { enableVideo: false } })
      yield* ann.line.call("bob", { media: { send: { microphone: "muted" } } })
      yield* settle
      yield* lastRang(bob).accept({ media: { send: { camera: "off" } } })
      yield* settle
      expect(ann.mock.peer.intent.send).toEqual({ microphone: "muted", camera: "off", screen: "off" })
      expect(bob.mock.peer.intent.send).toEqual({ microphone: "on", camera: "off", screen: "off" })
    }))
})

it.effect("the first and the last event of a call are the same on both ends of a line", () =>
  Effect.gen(function*() {
    const pair = yield* openPair()
    const { called, calling } = yield* connect(pair)
    yield* calling.hangup()
    yield* settle
    const flow = ["ConnectionEstablished", "ConnectionClosed"]
    for (const call of [calling, called]) {
      expect(tagsOf(yield* Stream.runCollect(call.events)).filter((name) => name.startsWith("Connection"))).toEqual(flow)
    }
  }))
