/** What a line's texts become on a channel that loses, repeats, reorders and fails: the rules R1 to R3, SIG-1 to SIG-7. */
import { describe, expect, it } from "@effect/vitest"
import type { LineReceipt } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { lastRang, openEnd } from "./line.ts"
import { hostLine, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"
import { failing, makeWire, pass, tag, type Sent } from "./wire.ts"

const open = (annOptions = {}, bobOptions = {}) =>
  Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann"), "phone", annOptions)
    const bob = yield* openEnd(wire.join("bob"), "desk", bobOptions)
    return { wire, ann, bob }
  })
const ringing = Effect.gen(function*() {
  const all = yield* open()
  const calling = yield* all.ann.line.call("bob")
  // Long enough for Bob to have acknowledged the offer: who is heard for the first time is sent all once more.
  yield* pass(250)
  return { ...all, calling, called: lastRang(all.bob) }
})
const connected = Effect.gen(function*() {
  const all = yield* ringing
  yield* all.called.accept()
  yield* settle
  return all
})
const times = (sent: ReadonlyArray<Sent>) => sent.map(({ atMs }) => atMs - (sent[0]?.atMs ?? 0))
const told = (receipts: ReadonlyArray<LineReceipt>) => receipts.map(({ receipt }) => receipt._tag)
const ended = (by: "local" | "remote", reason: string) => ({ _tag: "Ended", by, reason })

describe("R3 (SIG-5), otherwise a lost hangup leaves the peer ringing: a hangup", () => {
  it.effect("that is lost is sent again after 0.5 s, 1, 2 and 4 s, though the call has ended, until it is acknowledged", () =>
    Effect.gen(function*() {
      const { called, calling, wire } = yield* ringing
      let lost = 0
      wire.pass = (sent) => !(sent.device === "ann" && sent.message.type === "hangup" && lost++ < 5)
      yield* calling.hangup()
      expect(yield* tag(calling)).toBe("Ended")
      yield* pass(11_250)
      expect(yield* tag(called)).toBe("IncomingOffer")
      expect(times(wire.of("ann", "hangup"))).toEqual([0, 500, 1_500, 3_500, 7_500])
      yield* pass(500)
      expect(yield* called.state).toEqual(ended("remote", "normal"))
      yield* pass(60_000)
      // Acknowledged, and said for 32 s all the same: a device that has said nothing yet may ring.
      expect(times(wire.of("ann", "hangup"))).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
    }))
  it.effect("in a call, which is for one device only, is said until that one has acknowledged it, and no more", () =>
    Effect.gen(function*() {
      const { called, calling, wire } = yield* connected
      yield* pass(40_000, 1_000)
      let lost = 0
      wire.pass = (sent) => !(sent.device === "ann" && sent.message.type === "hangup" && lost++ < 2)
      const before = wire.of("ann", "hangup").length
      yield* calling.hangup()
      yield* pass(60_000)
      expect(times(wire.of("ann", "hangup").slice(before))).toEqual([0, 500, 1_500])
      expect(yield* called.state).toEqual(ended("remote", "normal"))
    }))
  it.effect("that is never acknowledged is said for 32 s, and then no more", () =>
    Effect.gen(function*() {
      const { calling, wire } = yield* ringing
      wire.pass = ({ device }) => device !== "ann"
      yield* calling.hangup()
      yield* pass(31_750)
      const said = times(wire.of("ann", "hangup"))
      expect(said.slice(0, 5)).toEqual([0, 500, 1_500, 3_500, 7_500])
      expect(said.at(-1)).toBeGreaterThanOrEqual(27_500)
      const log = wire.of("ann").length
      yield* pass(300_000, 5_000)
      // Bob rings until his own time is over; what he says then is acknowledged, and nothing else is said.
      expect(new Set(wire.of("ann").slice(log).map(({ message }) => message.type))).toEqual(new Set(["ack"]))
    }))
  it.effect("of a decline, a ring timeout, and a hangup in the call arrives too, however often it was lost", () =>
    Effect.gen(function*() {
      for (const how of ["decline", "timeout", "hangup"] as const) {
        const { called, calling, wire } = how === "hangup" ? yield* connected : yield* ringing
        let lost = 0
        wire.pass = (sent) => !(sent.message.type === "hangup" && lost++ < 3)
        if (how === "decline") yield* called.decline()
        else if (how === "hangup") yield* called.hangup("busy")
        else yield* pass(60_000, 10_000)
        yield* pass(5_000)
        expect([yield* tag(calling), yield* tag(called)]).toEqual(["Ended", "Ended"])
        expect(lost).toBeGreaterThan(3)
      }
    }))
  it.effect("that was said right before the line closed has been given to the channel", () =>
    Effect.gen(function*() {
      const { ann, called, calling, wire } = yield* connected
      const closing = yield* Effect.forkScoped(Effect.andThen(calling.hangup(), ann.close))
      yield* settle
      expect(closing.pollUnsafe()).toBeDefined()
      expect(wire.of("ann", "hangup").at(-1)?.message).toMatchObject({ reason: "normal", to: expect.stringContaining("desk.") })
      expect(yield* tag(called)).toBe("Ended")
    }))
  it.effect("of every call that is on is said when the line closes, with one peer and with many", () =>
    Effect.gen(function*() {
      const { ann, called, wire } = yield* connected
      const carl = yield* openEnd(wire.join("carl"), "tab")
      yield* ann.line.call("carl")
      yield* settle
      yield* ann.close
      yield* settle
      for (const call of [called, lastRang(carl)]) expect(yield* call.state).toEqual(ended("remote", "normal"))
      // A closed line says nothing any more.
      const said = wire.of("ann").length
      yield* pass(60_000, 1_000)
      expect(wire.of("ann")).toHaveLength(said)
    }))
})

describe("R2 (SIG-2, SIG-3), acknowledgements:", () => {
  it.effect("many copies at once are acknowledged by one text", () =>
    Effect.gen(function*() {
      const { ann, wire } = yield* ringing
      // The offer of a call that is not answered comes again and again: between two of its copies.
      wire.pass = ({ device }) => device !== "ann"
      yield* pass(1_000)
      const before = wire.of("bob").length
      const [text] = wire.of("ann", "offer")
      for (let n = 0; n < 20; n++) yield* wire.inject("bob", "ann", text?.text ?? "")
      yield* pass(1_000)
      expect(wire.of("bob").slice(before).map(({ message }) => message)).toEqual([{ type: "ack", from: expect.stringContaining("desk."), to: ann.line.from, ack: 2 }])
    }))
  it.effect("a text that is repeated, held, refused or stale says so", () =>
    Effect.gen(function*() {
      const { bob, calling, wire } = yield* ringing
      const from = "far.1"
      const before = bob.receipts.length
      const offer = wire.of("ann", "offer")[0]?.text ?? ""
      yield* wire.inject("bob", "ann", offer)
      yield* wire.inject("bob", "ann", { type: "hangup", from, seq: 9, base: 8, call_id: "c9" })
      yield* wire.inject("bob", "ann", { type: "hangup", from, seq: 900, base: 8, call_id: "c9" })
      yield* wire.inject("bob", "ann", { type: "hangup", from: "far.2.x", seq: 0, base: 0, to: "someone.else", call_id: "c9" })
      yield* wire.inject("bob", "ann", { type: "hangup", from: "near.1", seq: 3, call_id: "c9" })
      yield* wire.inject("bob", "ann", { type: "hangup", from: bob.line.from, seq: 0, call_id: "c9" })
      expect(told(bob.receipts.slice(before))).toEqual(["Repeated", "Held", "Refused", "Stale", "Stale", "Stale"])
      expect(bob.receipts[before]).toMatchObject({ peer: "ann", callId: calling.id })
      // What it waits for comes, and it is told of again. The call is not known, and both hangups wait for its offer.
      yield* wire.inject("bob", "ann", { type: "hangup", from, seq: 8, base: 8, call_id: "c9" })
      expect(told(bob.receipts.slice(before + 6))).toEqual(["Held", "Held"])
    }))
  it.effect("texts that come in reverse are given out in order", () =>
    Effect.gen(function*() {
      const { bob, called, calling, wire, ann } = yield* ringing
      wire.pass = ({ device }) => (device === "ann" ? "hold" : true)
      for (const n of [1, 2, 3]) ann.mock.peer.trickle(hostLine(n))
      yield* settle
      wire.pass = () => true
      const before = bob.receipts.length
      wire.release("backwards")
      yield* settle
      expect(told(bob.receipts.slice(before))).toEqual(["Held", "Held", "Delivered", "Delivered", "Delivered"])
      yield* called.accept()
      yield* settle
      const added = bob.mock.peer.candidatesAdded.map(({ candidate }) => candidate)
      expect(added.filter((line) => [1, 2, 3].map(hostLine).includes(line))).toEqual([1, 2, 3].map(hostLine))
      expect(yield* tag(calling)).toBe("Connected")
    }))
  it.effect.each([
    ["an offer that is none", { type: "offer", sdp: "not sdp", call_id: "c9" }],
    ["an answer that is none", { type: "answer", sdp: 5, call_id: "c9" }],
    ["a candidate that is none", { type: "ice_candidate", candidate: "hello", call_id: "c9" }],
    ["a future type", { type: "restart", call_id: "c9" }],
    ["a message without a type", { call_id: "c9" }],
    ["half a megabyte", { type: "ice_candidate", candidate: "x".repeat(500_000), call_id: "c9" }]
  ] as const)("%s has its place in the order: what follows is not blocked, and it is acknowledged (SIG-4)", ([, body]) =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone")
      wire.join("bob")
      const from = "far.1"
      yield* wire.inject("ann", "bob", { type: "offer", sdp: theirOffer, from, seq: 0, call_id: "c1", negotiation: 0 })
      yield* wire.inject("ann", "bob", { type: "hangup", reason: "busy", from, seq: 2, call_id: "c1" })
      expect(yield* tag(lastRang(ann))).toBe("IncomingOffer")
      yield* wire.inject("ann", "bob", { ...body, from, seq: 1 })
      expect(told(ann.receipts)).toEqual(["Delivered", "Held", "Refused", "Delivered"])
      expect(yield* lastRang(ann).state).toEqual(ended("remote", "busy"))
      yield* pass(100, 50)
      expect(wire.of("ann").map(({ message }) => message).some((message) => "ack" in message && message.ack === 3)).toBe(true)
    }))
  it.effect("an offer that cannot be read is turned away with protocol_error, so that its caller does not ring for nothing (SIG-4)", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone")
      wire.join("bob")
      yield* wire.inject("ann", "bob", { type: "offer", sdp: "not sdp", from: "far.1", seq: 0, call_id: "c1" })
      expect(ann.rang).toEqual([])
      expect(wire.of("ann", "hangup").map(({ message }) => message)).toEqual([
        { type: "hangup", reason: "protocol_error", from: ann.line.from, to: "far.1", seq: 0, ack: 1, base: 0, call_id: "c1" }
      ])
      // Its repeat is a repeat.
      yield* wire.inject("ann", "bob", { type: "offer", sdp: "not sdp", from: "far.1", seq: 0, call_id: "c1" })
      expect(told(ann.receipts)).toEqual(["Refused", "Repeated"])
    }))
})

describe("R1 (SIG-1), delivery belongs to the line and outlives its calls:", () => {
  it.effect("an offer that overtakes the hangup before it waits, and rings when the other call is over", () =>
    Effect.gen(function*() {
      const { ann, bob, called, calling, wire } = yield* ringing
      wire.pass = (sent) => (sent.device === "ann" && sent.message.type === "hangup" ? "hold" : true)
      yield* calling.hangup()
      const second = yield* ann.line.call("bob")
      yield* settle
      expect(bob.rang).toHaveLength(1)
      expect(yield* tag(called)).toBe("IncomingOffer")
      wire.pass = () => true
      wire.release()
      yield* settle
      expect(yield* called.state).toEqual(ended("remote", "normal"))
      expect(lastRang(bob).id).toBe(second.id)
      yield* lastRang(bob).accept()
      yield* settle
      expect(yield* tag(second)).toBe("Connected")
    }))
  it.effect("a text of a call that has ended, come again, does nothing to the next call", () =>
    Effect.gen(function*() {
      const { ann, bob, calling, wire } = yield* connected
      yield* calling.hangup()
      yield* settle
      const old = wire.of("ann").map(({ text }) => text)
      const second = yield* ann.line.call("bob")
      yield* settle
      const before = bob.receipts.length
      for (const text of old) yield* wire.inject("bob", "ann", text)
      expect(told(bob.receipts.slice(before)).every((receipt) => receipt === "Repeated")).toBe(true)
      expect(bob.rang).toHaveLength(2)
      yield* lastRang(bob).accept()
      yield* settle
      expect(yield* tag(second)).toBe("Connected")
    }))
  it.effect("two calls over a channel that loses every other text, and repeats the others, connect and end as on a good one", () =>
    Effect.gen(function*() {
      const { ann, bob, wire } = yield* open()
      let n = 0
      wire.pass = () => n++ % 2 === 1
      for (let round = 1; round <= 2; round++) {
        const calling = yield* ann.line.call("bob")
        yield* pass(3_000)
        expect(bob.rang).toHaveLength(round)
        yield* lastRang(bob).accept()
        yield* pass(20_000)
        expect([yield* tag(calling), yield* tag(lastRang(bob))]).toEqual(["Connected", "Connected"])
        for (const { mock } of [ann, bob]) expect(mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toEqual([expect.stringContaining("candidate:1 "), ""])
        yield* lastRang(bob).hangup()
        yield* pass(20_000)
        expect(yield* calling.state).toEqual(ended("remote", "normal"))
      }
      yield* pass(60_000, 1_000)
      const said = wire.log.length
      yield* pass(300_000, 10_000)
      expect(wire.log).toHaveLength(said)
    }))
})

describe("R3 (SIG-5), a channel that", () => {
  const ways = { fails: failing, hangs: Effect.never, dies: Effect.die("a bug in a channel") }
  it.effect.each(Object.keys(ways) as ReadonlyArray<keyof typeof ways>)("%s for a while loses nothing: all arrives when it is there again, and the call ends by no signaling_failed", (how) =>
    Effect.gen(function*() {
      const { ann, bob, wire } = yield* open()
      wire.take = () => ways[how]
      const calling = yield* ann.line.call("bob")
      yield* pass(15_000)
      expect(yield* tag(calling)).toBe("WaitingAnswer")
      expect(bob.rang).toEqual([])
      wire.take = () => Effect.void
      yield* pass(10_000)
      expect(bob.rang).toHaveLength(1)
      yield* lastRang(bob).accept()
      yield* pass(1_000)
      expect(yield* tag(calling)).toBe("Connected")
      wire.take = () => ways[how]
      bob.mock.peer.trickle(hostLine(5))
      yield* calling.hangup()
      yield* pass(15_000)
      expect(yield* tag(lastRang(bob))).toBe("Connected")
      wire.take = () => Effect.void
      yield* pass(10_000)
      expect(yield* lastRang(bob).state).toEqual(ended("remote", "normal"))
    }))
  it.effect("is there again sends what is owed at once, when the app tells the line so", () =>
    Effect.gen(function*() {
      const { ann, bob, wire } = yield* open()
      wire.take = () => failing
      const calling = yield* ann.line.call("bob")
      yield* pass(20_100)
      wire.take = () => Effect.void
      yield* settle
      expect(bob.rang).toEqual([])
      yield* ann.line.reconnected
      yield* settle
      expect(bob.rang).toHaveLength(1)
      expect(yield* tag(calling)).toBe("WaitingAnswer")
    }))
  it.effect("hung, and is there again, is given what is owed at once, though the text that it hung on is not settled yet", () =>
    Effect.gen(function*() {
      const { ann, bob, wire } = yield* open()
      wire.take = () => Effect.never
      yield* ann.line.call("bob")
      yield* pass(1_000)
      wire.take = () => Effect.void
      yield* ann.line.reconnected
      yield* settle
      expect(bob.rang).toHaveLength(1)
    }))
  it.effect("never returns is tried at a steady pace, and nothing grows", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      let tries = 0
      wire.take = () => Effect.suspend(() => (tries++, failing))
      const ann = yield* openEnd(wire.join("ann"), "phone", { config: { ringTimeoutMs: 3_600_000 } })
      yield* ann.line.call("bob")
      yield* pass(60_000, 1_000)
      const first = tries
      yield* pass(600_000, 4_000)
      expect(first).toBeLessThanOrEqual(25)
      expect(tries - first).toBeLessThanOrEqual(160)
    }))
})

describe("R3 (SIG-6), what is given up leaves no gap:", () => {
  it.effect("a hangup that nobody took for 32 s is no more, and the next call of that line rings all the same", () =>
    Effect.gen(function*() {
      const { ann, bob, calling, wire } = yield* connected
      yield* pass(1_000)
      wire.pass = () => false
      ann.mock.peer.trickle(hostLine(3))
      yield* calling.hangup()
      yield* pass(40_000, 1_000)
      wire.pass = () => true
      const said = wire.of("ann").length
      yield* pass(20_000, 1_000)
      expect(wire.of("ann").slice(said)).toEqual([])
      const next = yield* ann.line.call("bob")
      yield* pass(1_000)
      const [first, second] = [wire.of("ann", "offer")[0]?.message, wire.of("ann", "offer").at(-1)?.message]
      expect(first).toMatchObject({ seq: 0, base: 0 })
      // Its candidate and its hangup are not owed any more.
      expect(second).toMatchObject({ call_id: next.id, base: second !== undefined && "seq" in second ? second.seq : undefined })
      expect(bob.rang.map(({ id }) => id)).toEqual([calling.id, next.id])
      yield* lastRang(bob).accept()
      yield* pass(1_000)
      expect(yield* tag(next)).toBe("Connected")
    }))
  it.effect("who knows nothing of a line begins with it at its base, and holds what is ahead of that", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone")
      wire.join("bob")
      const of = { from: "far.1", call_id: "c1", base: 7 }
      yield* wire.inject("ann", "bob", { type: "offer", sdp: theirOffer, ...of, seq: 7, negotiation: 0 })
      expect(ann.rang).toHaveLength(1)
      yield* wire.inject("ann", "bob", { type: "hangup", ...of, seq: 9 })
      expect(told(ann.receipts)).toEqual(["Delivered", "Held"])
      // Nothing below 9 is owed any more.
      yield* wire.inject("ann", "bob", { type: "hangup", ...of, base: 9, seq: 9 })
      expect(told(ann.receipts).slice(2)).toEqual(["Repeated", "Delivered"])
      expect(yield* tag(lastRang(ann))).toBe("Ended")
      yield* pass(100, 50)
      expect(wire.of("ann", "ack").at(-1)?.message).toMatchObject({ to: "far.1", ack: 10 })
    }))
})

it.effect("R3 (SIG-5, SIG-8), a call that nobody answers: its offer comes again every 4 s, though acknowledged, and rings once; nothing else does", () =>
  Effect.gen(function*() {
    const { bob, calling, wire } = yield* ringing
    yield* pass(55_000)
    const offers = wire.of("ann", "offer")
    expect(offers.length).toBeGreaterThanOrEqual(14)
    expect(offers.length).toBeLessThanOrEqual(18)
    const waits = times(offers).map((atMs, n, all) => atMs - (all[n - 1] ?? 0)).slice(-10)
    expect(waits).toEqual(waits.map(() => 4_000))
    expect(wire.of("ann", "ice_candidate")).toHaveLength(1)
    expect(bob.rang).toHaveLength(1)
    expect(told(bob.receipts).slice(2).every((receipt) => receipt === "Repeated")).toBe(true)
    yield* lastRang(bob).accept()
    yield* pass(1_000)
    const said = wire.of("ann", "offer").length
    yield* pass(60_000, 1_000)
    expect(wire.of("ann", "offer")).toHaveLength(said)
    expect(yield* tag(calling)).toBe("Connected")
  }))
