/** Rounds of offer and answer in a call between two lines: hold, ICE restart, and media that are interrupted. R7 and R8, SIG-18 to SIG-24. */
import { describe, expect, it } from "@effect/vitest"
import type { LineCall, RtcEvent } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type End, type EndOptions, lastRang, openEnd } from "./line.ts"
import { hostLine, tagsOf, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire, pass, randomOf, tag } from "./wire.ts"

const told = (call: LineCall) =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))))
    return events
  })
const connected = (annOptions: EndOptions = {}, bobOptions: EndOptions = {}) =>
  Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann"), "phone", annOptions)
    const bob = yield* openEnd(wire.join("bob"), "desk", bobOptions)
    const calling = yield* ann.line.call("bob")
    yield* pass(250)
    const called = lastRang(bob)
    yield* Effect.forkScoped(called.accept())
    yield* pass(250, 10)
    const caller = { end: ann, call: calling, events: yield* told(calling) }
    const callee = { end: bob, call: called, events: yield* told(called) }
    const offers = () => wire.log.flatMap(({ from, message }) => (message.type === "offer" && message.negotiation !== 0 ? [`${from} ${message.negotiation}`] : []))
    const answers = () => wire.log.flatMap(({ from, message }) => (message.type === "answer" && message.negotiation !== 0 ? [`${from} ${message.negotiation}`] : []))
    return { wire, ann, bob, calling, called, caller, callee, offers, answers }
  })
const ufragOf = (sdp = "") => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1]
const stable = { _tag: "Connected", negotiation: { _tag: "Stable" }, media: { _tag: "Up" } }
const ended = (by: "local" | "remote", reason: string) => ({ _tag: "Ended", by, reason })
const made = ({ mock }: End, operation: string) => mock.peer.operations.filter((one) => one === operation).length
const sides = ["caller", "callee"] as const

describe.each(sides)("R7 (SIG-18), the %s", (side) => {
  const other = side === "caller" ? "callee" : "caller"
  const number = side === "caller" ? 2 : 1
  const [me, them] = side === "caller" ? ["ann", "bob"] as const : ["bob", "ann"] as const

  it.effect("holds and resumes: each is a round of its own, which the other end answers", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      const { end } = all[side]
      yield* all[side].call.hold
      yield* settle
      expect([end.mock.peer.intent.hold, all[other].end.mock.peer.intent.hold]).toEqual([true, false])
      expect(all[other].end.mock.peer.offersReceived).toHaveLength(side === "caller" ? 2 : 1)
      expect([all.offers(), all.answers()]).toEqual([[`${me} ${number}`], [`${them} ${number}`]])
      // ICE is as it was.
      expect(yield* all[side].call.state).toMatchObject({ ...stable, local: { negotiation: 0 }, remote: { described: number } })
      yield* all[side].call.resume
      yield* settle
      expect(end.mock.peer.intent.hold).toBe(false)
      expect(all.offers()).toEqual([`${me} ${number}`, `${me} ${number + 2}`])
      for (const { call } of [all.caller, all.callee]) expect(yield* call.state).toMatchObject(stable)
      for (const { events } of [all.caller, all.callee]) expect(tagsOf(events)).not.toContain("ConnectionInterrupted")
    }))
  it.effect("restarts ICE: new credentials on its end, and candidates of the new round only (SIG-21)", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      const { call, end } = all[side]
      const far = all[other].end
      const before = end.mock.peer.localDescription ?? ""
      const added = far.mock.peer.candidatesAdded.length
      yield* call.restartIce
      yield* settle
      expect(ufragOf(end.mock.peer.localDescription)).not.toBe(ufragOf(before))
      expect(ufragOf(far.mock.peer.remoteDescription)).toBe(ufragOf(end.mock.peer.localDescription))
      expect(yield* call.state).toMatchObject({ ...stable, local: { negotiation: number } })
      expect(yield* all[other].call.state).toMatchObject({ ...stable, remote: { negotiation: number } })
      // Its candidate and its end, once.
      expect(far.mock.peer.candidatesAdded.slice(added).map(({ candidate }) => candidate)).toEqual([expect.stringContaining("candidate:1 "), ""])
      // R8: a late candidate of the generation before is stale.
      const last = all.wire.of(me).findLast(({ message }) => message.type === "ice_candidate")
      const first = all.wire.of(me).find(({ message }) => message.type === "ice_candidate")
      if (last === undefined || first === undefined || !("seq" in last.message)) throw new Error("no candidates")
      const late = { ...first.message, candidate: hostLine(1), seq: (all.wire.of(me).length) }
      const receipts = far.receipts.length
      yield* all.wire.inject(them, me, { ...late, seq: Math.max(...all.wire.of(me).map(({ message }) => ("seq" in message ? message.seq ?? 0 : 0))) + 1 })
      expect(far.receipts.slice(receipts).at(-1)?.receipt).toMatchObject({ _tag: "Stale", why: expect.stringContaining("past") })
      expect(far.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).not.toContain(hostLine(1))
    }))
  it.effect("whose engine cannot make an offer is told so, and the call goes on for both", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      const { call, end, events } = all[side]
      end.mock.faults = { fail: { createOffer: new Error("out of order") } }
      yield* call.restartIce
      yield* settle
      expect(events.filter(({ _tag }) => _tag === "NegotiationFailed")).toMatchObject([{ failure: { engine: "mock", operation: "createOffer", reason: "Refused" } }])
      for (const one of [all.caller, all.callee]) expect(yield* one.call.state).toMatchObject(stable)
      expect(all.offers()).toEqual([])
      end.mock.faults = {}
      yield* call.hold
      yield* settle
      expect(all.offers()).toEqual([`${me} ${number}`])
      expect(yield* call.state).toMatchObject(stable)
      // The other end can still offer, too.
      yield* all[other].call.hold
      yield* settle
      expect(yield* all[other].call.state).toMatchObject(stable)
      expect(all.answers()).toHaveLength(2)
    }))
  it.effect("whose engine could not make an offer tries again after 5 s, and what was wanted then is done", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      const { end, events } = all[side]
      end.mock.faults = { fail: { createOffer: new Error("out of order") } }
      yield* all[side].call.restartIce
      yield* pass(5_100, 100)
      expect(events.filter(({ _tag }) => _tag === "NegotiationFailed")).toHaveLength(2)
      end.mock.faults = {}
      const before = ufragOf(end.mock.peer.localDescription)
      yield* pass(5_100, 100)
      expect(all.offers()).toEqual([`${me} ${number}`])
      expect(ufragOf(end.mock.peer.localDescription)).not.toBe(before)
      for (const one of [all.caller, all.callee]) expect(yield* one.call.state).toMatchObject(stable)
    }))
  it.effect("whose engine never makes its offer ends the call on both ends", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      all[side].end.mock.faults = { never: ["createOffer"] }
      yield* Effect.forkScoped(Effect.ignore(all[side].call.hold))
      yield* pass(9_000, 1_000)
      expect(yield* tag(all[side].call)).toBe("Connected")
      yield* pass(2_000, 1_000)
      expect(yield* all[side].call.state).toMatchObject({ ...ended("local", "engine_error"), failure: { operation: "createOffer", reason: "Timeout" } })
      expect(yield* all[other].call.state).toEqual(ended("remote", "engine_error"))
      for (const { end } of [all.caller, all.callee]) expect(end.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual([1])
    }))
  it.effect("whose offer nobody answers ends the call with negotiation_timeout", () =>
    Effect.gen(function*() {
      const all = yield* connected({ config: { negotiationTimeoutMs: 20_000 } }, { config: { negotiationTimeoutMs: 20_000 } })
      all.wire.pass = ({ message }) => message.type !== "answer"
      all[other].end.mock.faults = { never: ["createAnswer"] }
      yield* all[side].call.hold
      yield* pass(9_000, 1_000)
      expect(yield* all[side].call.state).toMatchObject({ negotiation: { _tag: "Out", number } })
      yield* pass(15_000, 1_000)
      expect(yield* tag(all[side].call)).toBe("Ended")
      expect(yield* tag(all[other].call)).toBe("Ended")
    }))
  it.effect("whose media change needs no round makes none", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      yield* all[side].call.setMicrophoneEnabled(false)
      yield* settle
      expect(all.offers()).toEqual([])
      expect(all[side].end.mock.peer.intent.send.microphone).toBe("muted")
    }))
  it.effect("changes media several times before the first round is over: all of it is offered, in one more round (SIG-24)", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      all.wire.pass = () => "hold"
      yield* all[side].call.hold
      yield* all[side].call.setMedia({ send: { screen: "on" } })
      yield* all[side].call.setMedia({ receive: { camera: false } })
      yield* settle
      expect(all.offers()).toEqual([`${me} ${number}`])
      all.wire.pass = () => true
      all.wire.release()
      yield* pass(1_000)
      expect(all.offers()).toEqual([`${me} ${number}`, `${me} ${number + 2}`])
      expect(all[side].end.mock.peer.intent).toMatchObject({ hold: true, send: { screen: "on" }, receive: { camera: false } })
      for (const one of [all.caller, all.callee]) expect(yield* one.call.state).toMatchObject(stable)
    }))
})

it.effect("R7 (SIG-18), an offer of a new round may be the same as the first, to the version of its origin (RFC 3264 section 8): it is answered", () =>
  Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann"), "phone")
    wire.join("bob")
    const offer = { type: "offer", sdp: theirOffer, from: "far.1", base: 0, call_id: "c1" }
    yield* wire.inject("ann", "bob", { ...offer, seq: 0, negotiation: 0 })
    yield* lastRang(ann).accept()
    yield* settle
    yield* wire.inject("ann", "bob", { ...offer, seq: 1, negotiation: 2 })
    expect(ann.receipts.at(-1)?.receipt).toEqual({ _tag: "Delivered" })
    expect(wire.of("ann", "answer").map(({ message }) => message.type === "answer" && message.negotiation)).toEqual([0, 2])
  }))

describe("R7 (SIG-19), both ends begin a round at the same moment:", () => {
  it.effect.each([["hold", "hold"], ["hold", "restartIce"], ["restartIce", "hold"], ["restartIce", "restartIce"]] as const)("%s and %s: the callee takes its offer back, and offers again", ([ofCaller, ofCallee]) =>
    Effect.gen(function*() {
      const all = yield* connected()
      all.wire.pass = () => "hold"
      yield* all.calling[ofCaller]
      yield* all.called[ofCallee]
      yield* settle
      expect(all.offers().toSorted()).toEqual(["ann 2", "bob 1"])
      all.wire.pass = () => true
      all.wire.release()
      yield* pass(2_000)
      expect([made(all.ann, "rollback"), made(all.bob, "rollback")]).toEqual([0, 1])
      for (const { call, events } of [all.caller, all.callee]) {
        expect(yield* call.state).toMatchObject(stable)
        expect(tagsOf(events)).not.toContain("NegotiationFailed")
      }
      expect([all.ann.mock.peer.intent.hold, all.bob.mock.peer.intent.hold]).toEqual([ofCaller === "hold", ofCallee === "hold"])
      // What the callee wanted is offered by it, unless the caller's restart has brought it.
      expect(all.offers().filter((offer) => offer.startsWith("bob"))).toEqual(ofCaller === "restartIce" && ofCallee === "restartIce" ? ["bob 1"] : ["bob 1", "bob 3"])
      expect(all.answers()[0]).toBe("bob 2")
      // R7: numbers are never used twice, whatever is said again.
      const offers = all.wire.log.flatMap(({ device, message }) => (message.type === "offer" ? [[`${device} ${message.seq}`, message.negotiation] as const] : []))
      const ids = [...new Map(offers).values()]
      expect(ids.length).toBeGreaterThan(2)
      expect(new Set(ids).size).toBe(ids.length)
    }))
  it.effect("the caller's engine then fails to make its own: it answers the callee's, which it has kept", () =>
    Effect.gen(function*() {
      const all = yield* connected({ latencyMs: 100 })
      all.ann.mock.faults = { fail: { createOffer: new Error("out of order") } }
      yield* Effect.forkScoped(Effect.ignore(all.calling.restartIce))
      yield* settle
      yield* all.called.hold
      yield* pass(2_000, 50)
      // Its own is tried again, behind the callee's.
      expect(all.caller.events.filter(({ _tag }) => _tag === "NegotiationFailed")).toHaveLength(2)
      expect(all.offers()).toEqual(["bob 1"])
      expect(all.answers()).toEqual(["ann 1"])
      all.ann.mock.faults = {}
      yield* pass(6_000, 500)
      expect(all.offers()).toEqual(["bob 1", "ann 2"])
      for (const { call } of [all.caller, all.callee]) expect(yield* call.state).toMatchObject(stable)
    }))
  it.effect("again and again, on a channel that loses and reorders: both come to rest with what each wants", () =>
    Effect.gen(function*() {
      const random = randomOf("rounds on a bad channel")
      for (let round = 0; round < 10; round++) {
        const all = yield* connected({ latencyMs: 20 }, { latencyMs: 20 })
        all.wire.pass = () => {
          const fate = random()
          return fate < 0.25 ? false : fate < 0.5 ? "hold" : true
        }
        const hold = { caller: false, callee: false }
        for (let n = 0; n < 10; n++) {
          const side = random() < 0.5 ? "caller" : "callee"
          if (random() < 0.3) yield* all[side].call.restartIce
          else {
            hold[side] = !hold[side]
            yield* Effect.forkScoped(hold[side] ? all[side].call.hold : all[side].call.resume)
          }
          yield* pass(Math.floor(random() * 1_000), 100)
          all.wire.release(random() < 0.5 ? "backwards" : undefined)
        }
        all.wire.pass = () => true
        all.wire.release()
        yield* pass(30_000, 500)
        for (const side of sides) {
          expect(yield* all[side].call.state).toMatchObject(stable)
          expect(all[side].end.mock.peer.intent.hold).toBe(hold[side])
        }
        // Both have the same round last, and each the other's credentials.
        const [a, b] = [yield* all.calling.state, yield* all.called.state]
        if (a._tag !== "Connected" || b._tag !== "Connected") throw new Error("not connected")
        expect([a.local.ufrag, a.remote.ufrag]).toEqual([b.remote.ufrag, b.local.ufrag])
        expect(a.call.negotiation).toBe(b.call.negotiation)
        for (const { events } of [all.caller, all.callee]) expect(tagsOf(events).filter((name) => name === "NegotiationFailed" || name === "MessageRefused")).toEqual([])
      }
    }), 30_000)
})

describe("R8 (SIG-23), media that are interrupted on both ends", () => {
  const interrupt = ({ ann, bob }: { readonly ann: End; readonly bob: End }) =>
    Effect.andThen(Effect.sync(() => {
      ann.mock.peer.link("interrupted")
      bob.mock.peer.link("interrupted")
    }), settle)
  it.effect("come back by themselves within 2 s: nothing is restarted", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      yield* interrupt(all)
      yield* pass(1_900, 100)
      all.ann.mock.peer.link("up")
      all.bob.mock.peer.link("up")
      yield* pass(20_000, 1_000)
      expect(all.offers()).toEqual([])
      for (const { events } of [all.caller, all.callee]) expect(tagsOf(events).filter((name) => /Interrupted|Restored/.test(name))).toEqual(["ConnectionInterrupted", "ConnectionRestored"])
    }))
  it.effect("are restarted after 2 s, by the caller only, and are restored", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      const before = ufragOf(all.ann.mock.peer.localDescription)
      yield* interrupt(all)
      yield* pass(1_900, 100)
      expect(all.offers()).toEqual([])
      yield* pass(200, 100)
      expect(all.offers()).toEqual(["ann 2"])
      expect(ufragOf(all.ann.mock.peer.localDescription)).not.toBe(before)
      yield* pass(10_000, 500)
      // Otherwise both ends restart at once, systematically.
      expect(all.offers()).toEqual(["ann 2"])
      all.ann.mock.peer.link("up")
      all.bob.mock.peer.link("up")
      yield* settle
      for (const { call, events } of [all.caller, all.callee]) {
        expect(yield* call.state).toMatchObject(stable)
        expect(tagsOf(events).at(-1)).toBe("ConnectionRestored")
      }
    }))
  it.effect("and that only the callee sees are restarted by it, 3 s later than the caller would", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      all.bob.mock.peer.link("interrupted")
      yield* settle
      yield* pass(4_900, 100)
      expect(all.offers()).toEqual([])
      yield* pass(200, 100)
      expect(all.offers()).toEqual(["bob 1"])
    }))
  it.effect.each(sides)("and of which the %s's engine cannot restart ICE are restarted by nobody, and come back", (side) =>
    Effect.gen(function*() {
      const unable = { capabilities: { iceRestart: false } }
      const all = yield* side === "caller" ? connected(unable, {}) : connected({}, unable)
      yield* interrupt(all)
      yield* pass(25_000, 500)
      expect(all.offers()).toEqual([])
      for (const { mock } of [all.ann, all.bob]) mock.peer.link("up")
      yield* settle
      for (const { call } of [all.caller, all.callee]) expect(yield* call.state).toMatchObject(stable)
    }))
  it.effect("and stay so end the call 30 s after the interruption, restarted or not", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      yield* interrupt(all)
      yield* pass(29_500, 500)
      expect([yield* tag(all.calling), yield* tag(all.called)]).toEqual(["Connected", "Connected"])
      yield* pass(1_000, 500)
      for (const call of [all.calling, all.called]) expect(yield* call.state).toMatchObject({ _tag: "Ended", reason: "ice_failed" })
    }))
  it.effect("and that ICE gives up are restarted at once by the caller", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      all.ann.mock.peer.link("failed")
      yield* settle
      expect(all.offers()).toEqual(["ann 2"])
      expect(yield* all.calling.state).toMatchObject({ _tag: "Connected", media: { _tag: "Interrupted" } })
      all.ann.mock.peer.link("up")
      yield* settle
      expect(yield* all.calling.state).toMatchObject(stable)
    }))
  it.effect("while signaling is away are restarted when it is there again", () =>
    Effect.gen(function*() {
      const all = yield* connected()
      all.wire.pass = () => false
      yield* interrupt(all)
      yield* pass(15_000, 500)
      all.wire.pass = () => true
      yield* pass(5_000, 500)
      expect(all.answers()).toEqual(["bob 2"])
      all.ann.mock.peer.link("up")
      all.bob.mock.peer.link("up")
      yield* settle
      for (const { call } of [all.caller, all.callee]) expect(yield* call.state).toMatchObject(stable)
    }))
})

describe.each([
  ["that does not renegotiate, as werift's", { renegotiation: false, iceRestart: false, rollback: false }, false],
  ["that cannot restart ICE", { iceRestart: false }, true],
  ["that cannot take an offer back", { rollback: false }, false]
] as const)("R7 (SIG-23, SIG-24), with a peer whose engine is one %s,", (_, capabilities, renegotiates) => {
  const openFor = (side: (typeof sides)[number]) => (side === "caller" ? connected({}, { capabilities }) : connected({ capabilities }, {}))
  const invalid = { _tag: "InvalidState", state: "Connected", why: expect.stringContaining("peer") }

  it.effect.each(sides)("the first description says so, which engines take, and none after it", (side) =>
    Effect.gen(function*() {
      const all = yield* openFor(side)
      const lacks = (device: string) =>
        all.wire.of(device).flatMap(({ message }) => ("sdp" in message ? [/^a=x-enigma-lacks:\S+(?=\r\n)/m.exec(message.sdp)?.[0]] : []))
      const [me, them] = side === "caller" ? ["ann", "bob"] as const : ["bob", "ann"] as const
      expect(new Set(lacks(them))).toEqual(new Set([renegotiates ? "a=x-enigma-lacks:restart" : "a=x-enigma-lacks:rounds"]))
      // An answer tells what both can do.
      if (side === "caller") expect(new Set(lacks(me))).toEqual(new Set([undefined]))
      if (!renegotiates) return
      yield* all[side].call.hold
      yield* settle
      expect(all.offers()).toHaveLength(1)
      expect(lacks(them).at(-1)).toBeUndefined()
    }))
  it.effect.each(sides)("an ICE restart that the %s wants is rejected at once, and nobody is told of it", (side) =>
    Effect.gen(function*() {
      const all = yield* openFor(side)
      const said = all.wire.log.length
      for (const end of sides) {
        const before = yield* all[end].call.state
        expect(yield* Effect.flip(all[end].call.restartIce)).toMatchObject({ ...invalid, operation: "restartIce" })
        expect(yield* all[end].call.state).toBe(before)
      }
      yield* settle
      expect(all.wire.log).toHaveLength(said)
      expect([made(all.ann, "createOffer"), made(all.bob, "createOffer")]).toEqual([1, 0])
    }))
  it.effect.each(sides)(`hold and media that need a round are ${renegotiates ? "taken" : "rejected at once"}, of which the %s's engine is able`, (side) =>
    Effect.gen(function*() {
      const all = yield* openFor(side)
      for (const change of [{ hold: true }, { send: { screen: "on" } }, { receive: { camera: false } }] as const) {
        for (const end of sides) {
          const intent = all[end].end.mock.peer.intent
          const result = yield* Effect.result(all[end].call.setMedia(change))
          yield* settle
          if (renegotiates) {
            expect(result).toMatchObject({ _tag: "Success" })
            expect(all[end].end.mock.peer.intent).toMatchObject(change)
          } else {
            expect(result).toMatchObject({ _tag: "Failure", failure: { ...invalid, operation: "setMedia" } })
            expect(all[end].end.mock.peer.intent).toEqual(intent)
          }
        }
      }
      expect(all.offers()).toHaveLength(renegotiates ? 6 : 0)
      for (const end of sides) {
        // What needs no round goes on to work.
        yield* all[end].call.setMicrophoneEnabled(false)
        expect(all[end].end.mock.peer.intent.send.microphone).toBe("muted")
      }
      yield* pass(20_000, 500)
      for (const { call, events } of [all.caller, all.callee]) {
        expect(yield* call.state).toMatchObject(stable)
        expect(tagsOf(events)).not.toContain("NegotiationFailed")
      }
    }))
  it.effect.each(sides)("an interruption of ten seconds does not end the call, of which the %s's engine is able", (side) =>
    Effect.gen(function*() {
      const all = yield* openFor(side)
      for (const { mock } of [all.ann, all.bob]) mock.peer.link("interrupted")
      yield* pass(10_000, 500)
      expect(all.offers()).toEqual([])
      for (const { mock } of [all.ann, all.bob]) mock.peer.link("up")
      yield* settle
      for (const { call } of [all.caller, all.callee]) expect(yield* call.state).toMatchObject(stable)
    }))
  it.effect.each(sides)("an engine that asks for a round by itself gets none that its peer would not answer: of the %s", (side) =>
    Effect.gen(function*() {
      const all = yield* openFor(side)
      all[side].end.mock.peer.emit({ _tag: "NegotiationNeeded" })
      yield* pass(2_000, 500)
      expect(all.offers()).toHaveLength(renegotiates ? 1 : 0)
      for (const { call } of [all.caller, all.callee]) expect(yield* call.state).toMatchObject(stable)
    }))
})
