/** A call moves from one engine to another in the middle of the call: the rules SIG-29 to SIG-34. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { mockNetwork } from "../src/index.ts"
import { lastRang, openEnd } from "./line.ts"
import { begin, failsWith, inCall, isUp, micTracks, tags } from "./movingCall.ts"
import { theirOffer } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire } from "./wire.ts"

describe("a call that moves to another engine", () => {
  it.effect("is one call to both apps: connected throughout, under its id, and goes on over the other engine", () =>
    Effect.gen(function*() {
      const { ann, annEvents, bob, bobEvents, ofAnn, ofBob } = yield* inCall()
      const { id } = ofAnn
      yield* Fiber.join(yield* begin(ofAnn))
      for (const call of [ofAnn, ofBob]) {
        expect(yield* call.engine).toBe("relay")
        expect(call.id).toBe(id)
        expect(yield* call.state).toMatchObject(isUp)
      }
      yield* TestClock.adjust("3 seconds")
      yield* settle
      expect(bob.rang).toHaveLength(1)
      for (const events of [annEvents, bobEvents]) {
        expect(tags(events).filter((tag) => tag === "Connected" || tag === "ConnectionEstablished" || tag === "Ending")).toEqual(["Connected", "ConnectionEstablished"])
        const [first, second, ...more] = micTracks(events)
        expect(more).toEqual([])
        expect(second?.replaces).toEqual(first?.track)
        expect(tags(events)).not.toContain("RemoteTrackEnded")
        expect(tags(events).filter((tag) => tag === "EngineSwitched")).toHaveLength(1)
      }
      expect([ann.mock.peer.timesClosed, bob.mock.peer.timesClosed, ann.relay.peer.timesClosed]).toEqual([1, 1, 0])
      yield* ofBob.hangup()
      yield* settle
      expect(yield* ofAnn.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
      expect(tags(annEvents).at(-1)).toBe("ConnectionClosed")
    }))

  it.effect("SIG-31: is on the first engine, with its media, until both ends are up; then that is kept for 2 s", () =>
    Effect.gen(function*() {
      const { ann, annEvents, ofAnn, wire } = yield* inCall()
      // Bob's word that he is up is lost for a while.
      wire.pass = (sent) => !(sent.device === "bob" && sent.message.type === "hangup")
      const switching = yield* begin(ofAnn)
      expect(ann.relay.peer.operations).toContain("applyAnswer")
      expect([yield* ofAnn.engine, micTracks(annEvents).length, ann.mock.peer.timesClosed]).toEqual(["mock", 1, 0])
      wire.pass = () => true
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(switching)
      yield* settle
      expect([yield* ofAnn.engine, micTracks(annEvents).length, ann.mock.peer.timesClosed]).toEqual(["relay", 2, 0])
      yield* TestClock.adjust("2 seconds")
      yield* settle
      expect(ann.mock.peer.timesClosed).toBe(1)
    }))

  it.effect("moves again, by either side, and counts as one call of maxCalls 1", () =>
    Effect.gen(function*() {
      const { ann, bob, ofAnn, ofBob } = yield* inCall({ ann: { maxCalls: 1 }, bob: { maxCalls: 1 } })
      // To a new connection of the same engine.
      yield* Fiber.join(yield* begin(ofAnn, "mock"))
      yield* Fiber.join(yield* begin(ofBob, "mock"))
      yield* TestClock.adjust("3 seconds")
      yield* settle
      expect(ann.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1, 1, 0])
      expect(bob.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1, 1, 0])
      expect(yield* Effect.flip(ann.line.call("carol"))).toMatchObject({ reason: { _tag: "TooMany" } })
    }))

  it.effect("keeps what its users want of the media, also what they want in the middle of it", () =>
    Effect.gen(function*() {
      const { ann, bob, ofAnn, ofBob, wire } = yield* inCall()
      yield* ofAnn.setMicrophoneEnabled(false)
      wire.pass = (sent) => sent.message.type === "answer" ? "hold" : true
      const switching = yield* begin(ofAnn)
      yield* ofBob.setMicrophoneEnabled(false)
      yield* ofAnn.setMicrophoneEnabled(true)
      expect(ann.relay.peer.intent.send.microphone).toBe("on")
      yield* ofAnn.setMicrophoneEnabled(false)
      yield* ofAnn.hold
      yield* settle
      wire.pass = () => true
      wire.release()
      yield* settle
      yield* Fiber.join(switching)
      expect(ann.relay.peer.intent).toMatchObject({ hold: true, send: { microphone: "muted" } })
      expect(bob.relay.peer.intent.send.microphone).toBe("muted")
      expect(yield* ofAnn.state).toMatchObject({ negotiation: { _tag: "Stable" }, call: { intent: { hold: true } } })
    }))

  it.effect("has its data channels on the new connection from then on, and those of before for 2 s more", () =>
    Effect.gen(function*() {
      const { bobEvents, ofAnn } = yield* inCall()
      const before = yield* ofAnn.openDataChannel("before")
      yield* Fiber.join(yield* begin(ofAnn))
      yield* before.send("still there")
      const after = yield* ofAnn.openDataChannel("after")
      yield* after.send("hello")
      yield* TestClock.adjust("3 seconds")
      yield* settle
      expect((yield* Effect.result(before.send("too late")))._tag).toBe("Failure")
      const opened = bobEvents.flatMap((event) => event._tag === "DataChannelOpened" ? [event.channel.label] : [])
      expect(opened).toEqual(["before", "after"])
    }))
})

describe("a move that fails leaves the call where it is (SIG-32):", () => {
  it.effect("an engine that fails at this end", () =>
    Effect.gen(function*() {
      const { ann, annEvents, bobEvents, ofAnn } = yield* inCall()
      ann.relay.faults = { fail: { createOffer: new Error("planted") } }
      expect(yield* failsWith(yield* begin(ofAnn))).toMatch(/planted|Refused/)
      expect([yield* ofAnn.engine, yield* ofAnn.state]).toMatchObject(["mock", isUp])
      for (const events of [annEvents, bobEvents]) expect(tags(events)).not.toContain("EngineSwitched")
    }))
  it.effect("an engine that fails at the peer's end", () =>
    Effect.gen(function*() {
      const { bob, ofAnn, ofBob } = yield* inCall()
      bob.relay.faults = { fail: { createAnswer: new Error("planted") } }
      expect(yield* Effect.flip(ofAnn.switchEngine("relay"))).toMatchObject({ ended: { by: "remote", reason: "engine_error" } })
      for (const call of [ofAnn, ofBob]) expect(yield* call.state).toMatchObject(isUp)
    }))
  it.effect("media that never come up, and a peer that is up alone comes back", () =>
    Effect.gen(function*() {
      const { annEvents, bobEvents, ofAnn, ofBob } = yield* inCall({ relay: { connects: false } })
      const switching = yield* begin(ofAnn)
      yield* TestClock.adjust("35 seconds")
      expect(yield* failsWith(switching)).toMatch(/"ended":\{"by":"(local|remote)","reason":"connect_timeout"\}/)
      for (const call of [ofAnn, ofBob]) expect([yield* call.engine, yield* call.state]).toMatchObject(["mock", isUp])
      for (const events of [annEvents, bobEvents]) expect(micTracks(events)).toHaveLength(1)
      // And again, over what works.
      yield* Fiber.join(yield* begin(ofBob, "mock"))
    }))
  it.effect("a peer whose line has no engine for the offer says so", () =>
    Effect.gen(function*() {
      const network = mockNetwork()
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone", { network, host: "ann", relay: { network, host: "ann" } })
      const bob = yield* openEnd(wire.join("bob"), "desk", { network, host: "bob" })
      const ofAnn = yield* ann.line.call("bob")
      yield* settle
      yield* lastRang(bob).accept()
      yield* settle
      expect(yield* failsWith(yield* begin(ofAnn))).toMatch(/engine_unsupported/)
      expect(yield* ofAnn.state).toMatchObject(isUp)
      expect(bob.receipts.some(({ receipt }) => receipt._tag === "Refused" && receipt.error._tag === "WebRtcError")).toBe(true)
    }))
  it.effect("no such engine, a call that is not connected, a call that moves already", () =>
    Effect.gen(function*() {
      const { ann, ofAnn, wire } = yield* inCall()
      expect(yield* Effect.flip(ofAnn.switchEngine("none"))).toMatchObject({ reason: { _tag: "InvalidConfig", expected: "one of mock, relay" } })
      wire.pass = () => false
      yield* begin(ofAnn)
      expect(yield* Effect.flip(ofAnn.switchEngine("relay"))).toMatchObject({ _tag: "InvalidState", state: "Connected" })
      const ringing = yield* ann.line.call("carol")
      yield* settle
      expect(yield* Effect.flip(ringing.switchEngine("relay"))).toMatchObject({ _tag: "InvalidState", state: "WaitingAnswer" })
    }))
  it.effect("a peer without delivery fields is never sent a call that replaces another", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone", { relay: {} })
      yield* wire.inject("ann", "crate", { type: "offer", sdp: theirOffer })
      yield* settle
      const call = lastRang(ann)
      yield* call.accept()
      yield* settle
      expect(yield* Effect.flip(call.switchEngine("relay"))).toMatchObject({ _tag: "InvalidState" })
      expect(wire.log.some(({ message }) => message.type === "offer")).toBe(false)
    }))
})

describe("a call that replaces another (SIG-29)", () => {
  it.effect("never rings: one that names no call that is on is refused, and so is one of another line", () =>
    Effect.gen(function*() {
      const { ofAnn, bob, wire } = yield* inCall()
      const stranger = { type: "offer", sdp: theirOffer, seq: 0, base: 0, from: "tablet.9", call_id: "x1" }
      yield* wire.inject("bob", "ann", { ...stranger, replaces: "nothing" })
      yield* wire.inject("bob", "ann", { ...stranger, seq: 1, call_id: "x2", replaces: ofAnn.id })
      yield* wire.inject("bob", "eve", { ...stranger, from: "eve.1", call_id: "x3", replaces: ofAnn.id })
      yield* settle
      expect(bob.rang).toHaveLength(1)
      const refused = wire.of("bob", "hangup").map(({ message }) => message)
      expect(refused).toEqual(["x1", "x2", "x3"].map((call_id) => expect.objectContaining({ call_id, reason: "replaced_unknown" })))
      expect(yield* ofAnn.state).toMatchObject(isUp)
    }))
  it.effect("goes to the one line that the call is with, and tells no other who answered", () =>
    Effect.gen(function*() {
      const { bob, ofAnn, wire } = yield* inCall()
      const before = wire.log.length
      yield* Fiber.join(yield* begin(ofAnn))
      for (const { device, message } of wire.log.slice(before)) {
        if (device === "ann" && message.type !== "ack") expect(message.to).toBe(bob.line.from)
      }
    }))
})

describe("both ends move the call at once (SIG-30):", () => {
  it.effect("one move remains, and both succeed if it is to what both wanted", () =>
    Effect.gen(function*() {
      const { ann, bob, ofAnn, ofBob, wire } = yield* inCall()
      wire.pass = () => "hold"
      const [one, other] = [yield* begin(ofAnn), yield* begin(ofBob)]
      wire.pass = () => true
      wire.release()
      yield* settle
      expect([(yield* Fiber.join(one))._tag, (yield* Fiber.join(other))._tag]).toEqual(["Success", "Success"])
      yield* TestClock.adjust("3 seconds")
      yield* settle
      expect(ann.relay.peers.map(({ timesClosed }) => timesClosed)).toEqual([0])
      expect(bob.relay.peers.map(({ timesClosed }) => timesClosed)).toEqual([1, 0])
    }))
  it.effect("the one that gives its move up is told where the call has gone", () =>
    Effect.gen(function*() {
      const { ofAnn, ofBob, wire } = yield* inCall()
      wire.pass = () => "hold"
      const [one, other] = [yield* begin(ofAnn, "relay"), yield* begin(ofBob, "mock")]
      wire.pass = () => true
      wire.release()
      yield* settle
      expect((yield* Fiber.join(one))._tag).toBe("Success")
      expect(yield* failsWith(other)).toMatch(/the call has gone on with relay/)
      for (const call of [ofAnn, ofBob]) expect([yield* call.engine, yield* call.state]).toMatchObject(["relay", isUp])
    }))
})

describe("in the middle of a move (SIG-33)", () => {
  it.effect.each(["ann", "bob"] as const)("a hangup of %s ends both connections at both ends", (who) =>
    Effect.gen(function*() {
      const { ann, bob, ofAnn, ofBob, wire } = yield* inCall()
      wire.pass = ({ message }) => message.type === "answer" ? "hold" : true
      const switching = yield* begin(ofAnn)
      yield* (who === "ann" ? ofAnn : ofBob).hangup("declined")
      wire.pass = () => true
      wire.release()
      yield* settle
      for (const [call, by] of [[ofAnn, who === "ann"], [ofBob, who === "bob"]] as const) {
        expect(yield* call.state).toMatchObject({ _tag: "Ended", by: by ? "local" : "remote", reason: "declined" })
      }
      expect(yield* failsWith(switching)).toMatch(/InvalidState/)
      for (const mock of [ann.mock, ann.relay, bob.mock, bob.relay]) expect(mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1])
    }))
  it.effect("media that are lost on the first connection are restored by the second, and at once", () =>
    Effect.gen(function*() {
      const { ann, annEvents, bob, ofAnn, wire } = yield* inCall()
      ann.mock.peer.link("interrupted")
      yield* settle
      // Bob's word does not come: but there is nothing to wait for.
      wire.pass = ({ device, message }) => !(device === "bob" && message.type === "hangup")
      yield* begin(ofAnn)
      expect(tags(annEvents).slice(-3)).toEqual(["EngineSwitched", "RemoteTrack", "ConnectionRestored"])
      // What fails for good takes nothing with it.
      ann.mock.peer.emit({ _tag: "Failed", error: (yield* Effect.flip(ofAnn.switchEngine("none"))) as never })
      wire.pass = () => true
      yield* TestClock.adjust("5 seconds")
      yield* settle
      for (const call of [ofAnn, lastRang(bob)]) expect([yield* call.engine, yield* call.state]).toMatchObject(["relay", isUp])
      expect(tags(annEvents)).not.toContain("ConnectionClosed")
    }))
  it.effect("a new start of the peer's app ends it", () =>
    Effect.gen(function*() {
      const { ann, bob, ofAnn, wire } = yield* inCall()
      wire.pass = ({ message }) => message.type !== "answer"
      const switching = yield* begin(ofAnn)
      yield* wire.inject("ann", "bob", { type: "ack", from: `${bob.line.from}x`, to: ann.line.from, ack: 1 })
      yield* settle
      expect(yield* ofAnn.state).toMatchObject({ _tag: "Ended", reason: "peer_restarted" })
      expect(yield* failsWith(switching)).toMatch(/InvalidState/)
      expect(ann.relay.peer.timesClosed).toBe(1)
    }))
})

describe("an offer (SIG-34)", () => {
  it.effect("is answered with the engine that takes it, and `call` chooses with which one to begin", () =>
    Effect.gen(function*() {
      const network = mockNetwork()
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone", { network, host: "ann", relay: { network, host: "ann" } })
      const bob = yield* openEnd(wire.join("bob"), "desk", { network, host: "bob", relay: { network, host: "bob" } })
      const ofAnn = yield* ann.line.call("bob", { engine: "relay" })
      yield* settle
      yield* lastRang(bob).accept()
      yield* settle
      expect([yield* ofAnn.engine, yield* lastRang(bob).engine]).toEqual(["relay", "relay"])
      expect(yield* ofAnn.state).toMatchObject(isUp)
      expect(yield* Effect.flip(ann.line.call("bob", { engine: "none" }))).toMatchObject({ reason: { _tag: "InvalidConfig" } })
    }))
  it.effect("of a kind that no engine of the line takes is refused, with a reason", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone", { relay: {} })
      const bob = yield* openEnd(wire.join("bob"), "desk")
      const call = yield* ann.line.call("bob", { engine: "relay" })
      yield* settle
      expect(bob.rang).toEqual([])
      expect(yield* call.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "engine_unsupported" })
    }))
  it.effect("of another kind that wins a collision is answered with its engine", () =>
    Effect.gen(function*() {
      const network = mockNetwork()
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "a-phone", { network, host: "ann", relay: { network, host: "ann" } })
      const bob = yield* openEnd(wire.join("bob"), "b-desk", { network, host: "bob", relay: { network, host: "bob" } })
      wire.pass = () => "hold"
      const ofAnn = yield* ann.line.call("bob", { engine: "relay" })
      const ofBob = yield* bob.line.call("ann")
      yield* settle
      wire.pass = () => true
      wire.release()
      yield* settle
      for (const call of [ofAnn, ofBob]) expect([yield* call.engine, yield* call.state]).toMatchObject(["relay", isUp])
    }))
})
