/** What happens to a call at the edges of a move: in its moments, at its limits, and with peers that mean no good. */
import { describe, expect, it } from "@effect/vitest"
import { WebRtcError } from "@enigma-rtc/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { lastRang, openEnd } from "./line.ts"
import { begin, failsWith, inCall, isUp, tags } from "./movingCall.ts"
import { theirOffer } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire } from "./wire.ts"

const broken = new WebRtcError({ engine: "mock", operation: "link", reason: { _tag: "Refused" } })

describe("a microphone that is muted", () => {
  it.effect("is silent at once on the connection before, too, which the peer may play for 2 s more", () =>
    Effect.gen(function*() {
      const { ann, ofAnn, wire } = yield* inCall()
      // Ann's word is lost for a while, so that Bob has not gone on.
      const switching = yield* begin(ofAnn)
      yield* Fiber.join(switching)
      wire.pass = () => false
      yield* ofAnn.setMicrophoneEnabled(false)
      expect(ann.mock.peer.timesClosed).toBe(0)
      expect([ann.relay, ann.mock].map(({ peer }) => peer.intent.send.microphone)).toEqual(["muted", "muted"])
    }))
  it.effect("is muted on the new connection, at whatever moment of the move's beginning that was", () =>
    Effect.gen(function*() {
      const { ann, ofAnn } = yield* inCall()
      for (let turns = 0; turns < 40; turns++) {
        const opened = ann.mock.peers.length
        // Other fibers have their turn after every single step.
        const switching = yield* Effect.forkScoped(
          Effect.exit(ofAnn.switchEngine("mock")).pipe(Effect.provideService(References.MaxOpsBeforeYield, 3))
        )
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        yield* ofAnn.setMicrophoneEnabled(false)
        yield* settle
        expect((yield* Fiber.join(switching))._tag).toBe("Success")
        expect(ann.mock.peers.length, `after ${turns} turns`).toBe(opened + 1)
        expect(ann.mock.peer.intent.send.microphone, `after ${turns} turns`).toBe("muted")
        yield* ofAnn.setMicrophoneEnabled(true)
        yield* TestClock.adjust("3 seconds")
      }
    }), 20_000)
})

describe("switchEngine", () => {
  it.effect("fails when a new connection of the same engine fails", () =>
    Effect.gen(function*() {
      const { ann, ofAnn } = yield* inCall()
      ann.mock.faults = { fail: { createOffer: new Error("planted") } }
      expect(yield* failsWith(yield* begin(ofAnn, "mock"))).toMatch(/planted|Refused/)
      expect(yield* ofAnn.state).toMatchObject(isUp)
    }))
  it.effect("settles also when its call is all that is left, and its user asks again", () =>
    Effect.gen(function*() {
      const { ann, ofAnn } = yield* inCall({ relay: { connects: false } })
      const first = yield* begin(ofAnn)
      ann.mock.peer.emit({ _tag: "Failed", error: broken })
      yield* settle
      const second = yield* begin(ofAnn, "mock")
      yield* TestClock.adjust("2 minutes")
      expect(yield* failsWith(second)).toMatch(/moves already/)
      expect(yield* failsWith(first)).toMatch(/the call ended first/)
    }))
  it.effect("may be interrupted at any moment: the call can move again", () =>
    Effect.gen(function*() {
      const { ofAnn } = yield* inCall()
      for (let turns = 0; turns < 50; turns++) {
        // Its turn is over after every few steps.
        const switching = yield* Effect.forkScoped(
          ofAnn.switchEngine("mock").pipe(Effect.provideService(References.MaxOpsBeforeYield, 3))
        )
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        yield* Fiber.interrupt(switching)
        // What has begun all the same goes on in steps as small.
        for (let turn = 0; turn < 20; turn++) yield* settle
        yield* TestClock.adjust("3 seconds")
        expect((yield* Fiber.join(yield* begin(ofAnn, "mock")))._tag, `after ${turns} turns`).toBe("Success")
        yield* TestClock.adjust("3 seconds")
      }
    }), 20_000)
  it.effect.each(["open", "createOffer", "applyAnswer"] as const)("of an engine whose %s never settles fails in its time", (operation) =>
    Effect.gen(function*() {
      const { ann, ofAnn } = yield* inCall()
      ann.relay.faults = { never: [operation] }
      const switching = yield* begin(ofAnn)
      yield* TestClock.adjust("11 seconds")
      expect(yield* failsWith(switching)).toMatch(/Timeout/)
      expect(yield* ofAnn.state).toMatchObject(isUp)
    }))
  it.effect("to a peer that never answers fails in its time", () =>
    Effect.gen(function*() {
      const { ofAnn, wire } = yield* inCall()
      wire.pass = () => false
      const switching = yield* begin(ofAnn)
      yield* TestClock.adjust("61 seconds")
      expect(yield* failsWith(switching)).toMatch(/ring_timeout/)
      expect(yield* ofAnn.state).toMatchObject(isUp)
    }))
  it.effect("fails in its time when the peer's word never comes, and the call moves all the same once it does", () =>
    Effect.gen(function*() {
      const { annEvents, ofAnn, ofBob, wire } = yield* inCall()
      wire.pass = ({ device, message }) => !(device === "bob" && message.type === "hangup")
      const switching = yield* begin(ofAnn)
      yield* TestClock.adjust("29 seconds")
      expect(switching.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(yield* failsWith(switching)).toMatch(/"operation":"switchEngine","reason":\{"_tag":"Timeout","limitMs":30000\}/)
      expect([yield* ofAnn.engine, yield* ofAnn.state]).toMatchObject(["mock", isUp])
      expect(yield* failsWith(yield* begin(ofAnn))).toMatch(/moves already/)
      wire.pass = () => true
      yield* TestClock.adjust("10 seconds")
      for (const call of [ofAnn, ofBob]) expect([yield* call.engine, yield* call.state]).toMatchObject(["relay", isUp])
      expect(tags(annEvents).filter((tag) => tag === "EngineSwitched")).toHaveLength(1)
      yield* Fiber.join(yield* begin(ofAnn, "mock"))
    }))
  it.effect("settles when the line closes in the midst of it, whatever hangs", () =>
    Effect.gen(function*() {
      const { ann, ofAnn } = yield* inCall()
      ann.relay.faults = { never: ["open", "close"] }
      const switching = yield* begin(ofAnn)
      const closing = yield* Effect.forkScoped(ann.close)
      yield* settle
      expect(yield* failsWith(switching)).toMatch(/InvalidState/)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
    }))
  it.effect("is refused when the channel has ended, over which nothing could be agreed", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const gone = yield* Deferred.make<void>()
      const channel = wire.join("ann")
      const ann = yield* openEnd({ ...channel, incoming: Stream.interruptWhen(channel.incoming, Deferred.await(gone)) }, "phone")
      const bob = yield* openEnd(wire.join("bob"), "desk")
      const ofAnn = yield* ann.line.call("bob")
      yield* settle
      yield* lastRang(bob).accept()
      yield* settle
      yield* Deferred.succeed(gone, undefined)
      yield* settle
      expect(yield* failsWith(yield* begin(ofAnn, "mock"))).toMatch(/the channel has ended/)
      expect(yield* ofAnn.state).toMatchObject(isUp)
    }))
  it.effect("is among what is allowed in a line's call that is connected", () =>
    Effect.gen(function*() {
      const { ann, ofAnn } = yield* inCall()
      expect((yield* Effect.flip(ofAnn.accept())) as object).toMatchObject({ allowed: expect.arrayContaining(["hangup", "switchEngine"]) })
      const calling = yield* ann.line.call("carol")
      yield* settle
      const { allowed } = (yield* Effect.flip(calling.accept())) as { readonly allowed?: ReadonlyArray<string> }
      expect(allowed).not.toContain("switchEngine")
    }))
  it.effect("by a callee works from the moment that it is connected: the caller may still be applying the answer", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone", { latencyMs: (operation) => (operation === "applyAnswer" ? 100 : 0) })
      const bob = yield* openEnd(wire.join("bob"), "desk")
      const ofAnn = yield* ann.line.call("bob")
      yield* TestClock.adjust(1)
      yield* settle
      const ofBob = lastRang(bob)
      yield* Effect.forkScoped(ofBob.accept())
      yield* TestClock.adjust(1)
      yield* settle
      expect([(yield* ofAnn.state)._tag, (yield* ofBob.state)._tag]).toEqual(["WaitingAnswer", "Connected"])
      const switching = yield* begin(ofBob, "mock")
      yield* TestClock.adjust("1 second")
      yield* settle
      expect((yield* Fiber.join(switching))._tag).toBe("Success")
      for (const call of [ofAnn, ofBob]) expect(yield* call.state).toMatchObject(isUp)
      yield* TestClock.adjust("3 seconds")
      expect(ann.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1, 0])
      expect(bob.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1, 0])
    }))
})

describe("a call whose first connection fails in the middle of a move", () => {
  it.effect("is in the state of the one that is left, also while its media are not up yet", () =>
    Effect.gen(function*() {
      const { ann, annEvents, ofAnn } = yield* inCall({ relay: { connects: false } })
      yield* begin(ofAnn)
      ann.mock.peer.emit({ _tag: "Failed", error: broken })
      yield* settle
      yield* ofAnn.setMicrophoneEnabled(false)
      expect(yield* ofAnn.state).toMatchObject({ _tag: "Connected", media: { _tag: "Connecting" }, call: { intent: { send: { microphone: "muted" } } } })
      expect(tags(annEvents)).toContain("ConnectionInterrupted")
      ann.relay.peer.link("up")
      yield* settle
      expect(yield* ofAnn.state).toMatchObject(isUp)
      expect(tags(annEvents).filter((tag) => tag === "EngineSwitched" || tag === "ConnectionRestored" || tag === "Connected")).toEqual(["Connected", "EngineSwitched", "ConnectionRestored"])
    }))
})

describe("what an app is told at the end of a call in the middle of a move", () => {
  it.effect.each(["the line closes", "the peer starts anew"] as const)("is that it has ended, and not before that it has moved: %s", (what) =>
    Effect.gen(function*() {
      const { ann, annEvents, bob, ofAnn, wire } = yield* inCall()
      // Up at both ends, and Bob's word is on its way.
      wire.pass = ({ device, message }) => !(device === "bob" && message.type === "hangup")
      yield* begin(ofAnn)
      const told = annEvents.length
      if (what === "the line closes") yield* Effect.forkScoped(ann.close)
      else yield* wire.inject("ann", "bob", { type: "ack", from: `${bob.line.from}x`, to: ann.line.from, ack: 1 })
      yield* settle
      expect(tags(annEvents.slice(told)).filter((tag) => !tag.startsWith("Remote"))).toEqual(["Ending", "Ended", "ConnectionClosed"])
    }))
})

describe("a peer that means no good", () => {
  it.effect("cannot make a line open connection after connection by moves that it gives up", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone")
      let seq = 0
      const say = (message: object) => wire.inject("ann", "eve", { ...message, from: "eve.1", seq: seq++, base: 0 })
      yield* say({ type: "offer", sdp: theirOffer, call_id: "c" })
      yield* lastRang(ann).accept()
      yield* settle
      ann.mock.faults = { never: ["close"] }
      for (let move = 0; move < 20; move++) {
        yield* say({ type: "offer", sdp: theirOffer, call_id: `m${move}`, replaces: "c" })
        yield* say({ type: "hangup", call_id: `m${move}` })
      }
      expect(ann.mock.peers.length).toBeLessThanOrEqual(4)
      expect(wire.of("ann", "hangup").map(({ message }) => message)).toContainEqual(expect.objectContaining({ call_id: "m19", reason: "busy" }))
      // What is closed makes room.
      ann.mock.faults = {}
      yield* TestClock.adjust("11 seconds")
      const opened = ann.mock.peers.length
      yield* say({ type: "offer", sdp: theirOffer, call_id: "later", replaces: "c" })
      expect(ann.mock.peers.length).toBe(opened + 1)
      expect(yield* lastRang(ann).state).toMatchObject(isUp)
    }))
  it.effect("hangs up with a hangup, whatever else it writes in it; and a word of a call that nobody knows is none", () =>
    Effect.gen(function*() {
      const { ofAnn, bob, wire } = yield* inCall()
      const said = wire.of("bob").flatMap(({ message }) => "seq" in message && message.seq !== undefined ? [message.seq] : [])
      const word = { type: "hangup", from: bob.line.from, call_id: ofAnn.id, base: 0, seq: Math.max(...said) + 1 }
      yield* wire.inject("ann", "bob", { ...word, reason: "replaced", replaced_by: "nonsense" })
      expect(yield* ofAnn.state).toMatchObject(isUp)
      yield* wire.inject("ann", "bob", { ...word, seq: word.seq + 1, reason: "normal", replaced_by: "nonsense" })
      yield* settle
      expect(yield* ofAnn.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
    }))
  it.effect("ends the call with a hangup(replaced) out of the blue, and one of another line ends nothing", () =>
    Effect.gen(function*() {
      const { ofAnn, bob, wire } = yield* inCall()
      const word = { type: "hangup", reason: "replaced", call_id: ofAnn.id, base: 0 }
      yield* wire.inject("ann", "bob", { ...word, from: "tablet.9", seq: 0 })
      yield* wire.inject("ann", "eve", { ...word, from: bob.line.from, seq: 0 })
      expect(yield* ofAnn.state).toMatchObject(isUp)
      const said = wire.of("bob").flatMap(({ message }) => "seq" in message && message.seq !== undefined ? [message.seq] : [])
      yield* wire.inject("ann", "bob", { ...word, from: bob.line.from, seq: Math.max(...said) + 1 })
      yield* settle
      expect(yield* ofAnn.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "replaced" })
    }))
})
