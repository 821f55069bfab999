/** A user with several devices under one name, and a device that starts anew: the rules R2, R4 and R6, SIG-7 to SIG-9, SIG-13 to SIG-15. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { lastRang, openEnd } from "./line.ts"
import { hostLine, iceCandidate, theirAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire, pass, tag } from "./wire.ts"

const ended = (by: "local" | "remote", reason: string) => ({ _tag: "Ended", by, reason })

/** Ann, and Bob with a desk and a tablet. */
const open = Effect.gen(function*() {
  const wire = makeWire()
  const ann = yield* openEnd(wire.join("ann", "phone"), "phone")
  const desk = yield* openEnd(wire.join("bob", "desk"), "desk")
  const tablet = yield* openEnd(wire.join("bob", "tablet"), "tablet")
  return { wire, ann, desk, tablet }
})
const ringing = Effect.gen(function*() {
  const all = yield* open
  const calling = yield* all.ann.line.call("bob")
  yield* pass(250)
  return { ...all, calling, onDesk: lastRang(all.desk), onTablet: lastRang(all.tablet) }
})

describe("R6 (SIG-13, SIG-14), of two devices that ring", () => {
  it.effect("the first that answers has the call, and the other one learns that it was answered elsewhere", () =>
    Effect.gen(function*() {
      const { calling, desk, onDesk, onTablet, tablet, wire } = yield* ringing
      yield* onDesk.accept()
      yield* pass(1_000)
      expect([yield* tag(calling), yield* tag(onDesk)]).toEqual(["Connected", "Connected"])
      expect(yield* calling.state).toMatchObject({ call: { line: desk.line.from } })
      expect(yield* onTablet.state).toEqual(ended("remote", "answered_elsewhere"))
      expect(yield* Effect.flip(onTablet.accept())).toMatchObject({ _tag: "InvalidState", state: "Ended" })
      expect(tablet.mock.peers).toEqual([])
      const hangups = wire.of("phone", "hangup").map(({ message }) => message)
      expect(hangups[0]).toMatchObject({ reason: "answered_elsewhere", answered_by: desk.line.from })
      // Copies of one message, for a device that has said nothing yet and may ring.
      expect(hangups).toEqual(hangups.map(() => hangups[0]))
      // All is acknowledged by both: nothing more is said.
      yield* pass(40_000, 1_000)
      const said = wire.log.length
      yield* pass(60_000, 1_000)
      expect(wire.log).toHaveLength(said)
      yield* onDesk.hangup()
      yield* settle
      expect(yield* calling.state).toEqual(ended("remote", "normal"))
    }))
  it.effect("one that answers too late does nothing to the call, and learns so", () =>
    Effect.gen(function*() {
      const { ann, calling, onDesk, onTablet, wire } = yield* ringing
      wire.pass = (sent, to) => (sent.device === "phone" && to === "tablet" ? "hold" : true)
      yield* onDesk.accept()
      yield* settle
      yield* onTablet.accept()
      yield* pass(1_000)
      expect(yield* tag(onTablet)).toBe("Connected")
      const late = ann.receipts.filter(({ receipt }) => receipt._tag === "Stale")
      expect(late.length).toBeGreaterThan(0)
      expect(ann.mock.peer.answersApplied).toHaveLength(1)
      wire.pass = () => true
      yield* pass(5_000)
      expect(yield* onTablet.state).toEqual(ended("remote", "answered_elsewhere"))
      expect([yield* tag(calling), yield* tag(onDesk)]).toEqual(["Connected", "Connected"])
    }))
  it.effect("both that answer at the same moment: one of them has the call", () =>
    Effect.gen(function*() {
      const { calling, onDesk, onTablet } = yield* ringing
      yield* Effect.all([onDesk.accept(), onTablet.accept()], { concurrency: "unbounded" })
      yield* pass(5_000)
      expect([yield* tag(calling), ...[yield* tag(onDesk), yield* tag(onTablet)].toSorted()]).toEqual(["Connected", "Connected", "Ended"])
    }))
  it.effect.each(["declined", "busy"])("one that declines with %s before anybody has answered ends the call everywhere", (reason) =>
    Effect.gen(function*() {
      const { calling, onDesk, onTablet } = yield* ringing
      yield* onDesk.decline(reason)
      yield* pass(1_000)
      expect(yield* calling.state).toEqual(ended("remote", reason))
      expect(yield* onTablet.state).toEqual(ended("remote", reason))
      expect(yield* Effect.flip(onTablet.accept())).toMatchObject({ _tag: "InvalidState" })
    }))
  it.effect("after the answer only the hangup of the line that answered counts", () =>
    Effect.gen(function*() {
      const { calling, onDesk, onTablet, wire } = yield* ringing
      // The tablet hears nothing of it, rings on, and declines.
      wire.pass = (sent, to) => !(sent.device === "phone" && to === "tablet")
      yield* onDesk.accept()
      yield* pass(1_000)
      yield* onTablet.decline()
      yield* pass(5_000)
      expect([yield* tag(calling), yield* tag(onDesk)]).toEqual(["Connected", "Connected"])
      yield* onDesk.hangup("normal")
      yield* pass(1_000)
      expect(yield* calling.state).toEqual(ended("remote", "normal"))
    }))
  it.effect("candidates of the one that lost reach no engine", () =>
    Effect.gen(function*() {
      const { ann, onDesk, onTablet, tablet, wire } = yield* ringing
      wire.pass = (sent, to) => (sent.device === "phone" && to === "tablet" ? "hold" : true)
      yield* onDesk.accept()
      yield* settle
      yield* onTablet.accept()
      yield* settle
      tablet.mock.peer.trickle(hostLine(66))
      yield* pass(1_000)
      expect(ann.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).not.toContain(hostLine(66))
      expect(ann.mock.peer.candidatesAdded).toHaveLength(2)
    }))
  it.effect("a hangup of the caller reaches both, and one is told again until it has it", () =>
    Effect.gen(function*() {
      const { calling, onDesk, onTablet, wire } = yield* ringing
      let lost = 0
      // R2, otherwise one's acknowledgement makes the caller drop what the other lacks.
      wire.pass = (sent, to) => !(sent.device === "phone" && to === "tablet" && lost++ < 3)
      yield* calling.hangup()
      yield* pass(1_000)
      expect(yield* tag(onDesk)).toBe("Ended")
      yield* pass(10_000)
      expect(yield* onTablet.state).toEqual(ended("remote", "normal"))
    }))
  it.effect("the answered_elsewhere that is lost on its way to one is said again until that one has it", () =>
    Effect.gen(function*() {
      const { calling, onDesk, onTablet, wire } = yield* ringing
      let lost = 0
      wire.pass = (sent, to) => !(sent.device === "phone" && to === "tablet" && lost++ < 4)
      yield* onDesk.accept()
      yield* pass(20_000)
      expect(yield* onTablet.state).toEqual(ended("remote", "answered_elsewhere"))
      expect(yield* tag(calling)).toBe("Connected")
    }))
})

describe("R5 (SIG-10), one of two devices calls the caller at the same moment,", () => {
  it.effect.each([["0-phone", "our call goes on"], ["z-phone", "the tablet's call goes on"]])("of %s: %s, and the other device rings no more", ([device]) =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann", "phone"), device ?? "")
      const desk = yield* openEnd(wire.join("bob", "desk"), "desk")
      const tablet = yield* openEnd(wire.join("bob", "tablet"), "tablet")
      wire.pass = () => "hold"
      const ofAnn = yield* ann.line.call("bob")
      const ofTablet = yield* tablet.line.call("ann")
      yield* settle
      wire.pass = () => true
      wire.release()
      yield* pass(5_000)
      expect([yield* tag(ofAnn), yield* tag(ofTablet)]).toEqual(["Connected", "Connected"])
      expect(ofAnn.id).toBe(ofTablet.id)
      expect(yield* ofAnn.state).toMatchObject({ call: { role: device === "0-phone" ? "caller" : "callee", line: tablet.line.from } })
      for (const call of desk.rang) expect(yield* call.state).toEqual(ended("remote", device === "0-phone" ? "answered_elsewhere" : "withdrawn"))
      expect(desk.rang).toHaveLength(1)
      expect([...ann.rang, ...tablet.rang]).toEqual([])
    }))
})

describe("R4 (SIG-8), a device that comes late", () => {
  const late = Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann", "phone"), "phone")
    const desk = yield* openEnd(wire.join("bob", "desk"), "desk")
    const calling = yield* ann.line.call("bob")
    yield* pass(5_000)
    expect(wire.of("desk", "ack").length).toBeGreaterThan(0)
    const tablet = yield* openEnd(wire.join("bob", "tablet"), "tablet")
    return { wire, ann, desk, calling, tablet }
  })
  it.effect("and is silent still rings, though another has acknowledged the offer", () =>
    Effect.gen(function*() {
      const { calling, tablet } = yield* late
      yield* pass(10_000)
      expect(tablet.rang.map(({ id }) => id)).toEqual([calling.id])
    }))
  it.effect("and is heard rings at once, may answer, and the other learns it", () =>
    Effect.gen(function*() {
      const { calling, desk, tablet, wire } = yield* late
      // Any text of its line shows that it is there.
      yield* wire.inject("phone", "bob", { type: "ack", from: tablet.line.from, to: calling.peer === "bob" ? wire.of("phone")[0]?.message.from : "", ack: 0 })
      yield* pass(250)
      expect(tablet.rang.map(({ id }) => id)).toEqual([calling.id])
      yield* lastRang(tablet).accept()
      yield* pass(1_000)
      expect([yield* tag(calling), yield* tag(lastRang(tablet))]).toEqual(["Connected", "Connected"])
      expect(yield* lastRang(desk).state).toEqual(ended("remote", "answered_elsewhere"))
    }))
  it.effect("and rings learns that the call is over, by a hangup and by another's answer", () =>
    Effect.gen(function*() {
      for (const how of ["hangup", "answer"] as const) {
        const { calling, desk, tablet, wire } = yield* late
        yield* wire.inject("phone", "bob", { type: "ack", from: tablet.line.from, to: wire.of("phone")[0]?.message.from, ack: 0 })
        yield* pass(250)
        if (how === "hangup") yield* calling.hangup("busy")
        else yield* lastRang(desk).accept()
        yield* pass(1_000)
        expect(yield* lastRang(tablet).state).toEqual(ended("remote", how === "hangup" ? "busy" : "answered_elsewhere"))
      }
    }))
})

describe("R4 (SIG-9, SIG-15), a peer whose app starts anew", () => {
  const restarts = (situation: "ringing" | "connected" | "waiting") =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann", "phone"), "phone")
      const old = yield* openEnd(wire.join("bob", "desk"), "desk")
      const first = situation === "waiting" ? yield* ann.line.call("bob") : yield* old.line.call("ann")
      yield* pass(250)
      if (situation === "connected") yield* lastRang(ann).accept()
      yield* pass(1_000)
      wire.leave("desk")
      wire.pass = ({ message }) => message.from !== old.line.from
      yield* TestClock.adjust(1)
      const anew = yield* openEnd(wire.join("bob", "desk"), "desk")
      const before = ann.rang.length
      return { wire, ann, old, anew, before, first, survivor: situation === "waiting" ? first : lastRang(ann) }
    })
  it.effect.each(["ringing", "connected"] as const)("ends the call that it was in, %s, with peer_restarted, and its next call rings at once", (situation) =>
    Effect.gen(function*() {
      const { ann, anew, before, survivor } = yield* restarts(situation)
      expect(yield* tag(survivor)).not.toBe("Ended")
      const next = yield* anew.line.call("ann")
      yield* settle
      expect(yield* survivor.state).toEqual(ended("remote", "peer_restarted"))
      expect(ann.rang.slice(before).map(({ id }) => id)).toEqual([next.id])
      yield* lastRang(ann).accept()
      yield* settle
      expect(yield* tag(next)).toBe("Connected")
    }))
  it.effect("and is called learns of the call, for the caller is bound to none of its lines", () =>
    Effect.gen(function*() {
      const { anew, survivor, wire } = yield* restarts("waiting")
      expect(yield* tag(survivor)).toBe("WaitingAnswer")
      yield* wire.inject("phone", "bob", { type: "ack", from: anew.line.from, to: wire.of("phone")[0]?.message.from, ack: 0 })
      yield* pass(1_000)
      expect(anew.rang.map(({ id }) => id)).toEqual([survivor.id])
      yield* lastRang(anew).accept()
      yield* settle
      expect(yield* tag(survivor)).toBe("Connected")
    }))
  it.effect("makes every late text of the line before it stale", () =>
    Effect.gen(function*() {
      const { ann, anew, old, survivor, wire } = yield* restarts("connected")
      const next = yield* anew.line.call("ann")
      yield* settle
      yield* lastRang(ann).accept()
      yield* settle
      const base = { from: old.line.from, base: 0 }
      for (const [seq, message] of [
        [50, { type: "hangup", call_id: next.id }],
        [51, { type: "offer", sdp: theirOffer, call_id: "c9", negotiation: 0 }],
        [52, { type: "answer", sdp: theirAnswer, call_id: next.id }],
        [53, { ...iceCandidate(1), call_id: survivor.id }]
      ] as const) {
        yield* wire.inject("phone", "bob", { ...base, ...message, seq })
        expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale", why: expect.stringContaining("earlier start") })
      }
      expect(yield* tag(next)).toBe("Connected")
      expect(ann.rang).toHaveLength(2)
    }))
  it.effect("takes nothing that was said to the line before it for a word to itself", () =>
    Effect.gen(function*() {
      const { ann, anew, survivor } = yield* restarts("connected")
      ann.mock.peer.trickle(hostLine(7))
      yield* settle
      yield* survivor.hangup()
      yield* pass(5_000)
      expect(anew.rang).toEqual([])
      // Candidates are not for it. The end of the call is, in case that it rings for a late copy of the offer (SIG-15).
      const told = anew.receipts.map(({ receipt }) => receipt._tag)
      expect(told.slice(0, 1)).toEqual(["Stale"])
      expect(told.filter((receipt) => receipt !== "Stale" && receipt !== "Held" && receipt !== "Repeated")).toEqual([])
      const again = yield* ann.line.call("bob")
      yield* pass(5_000)
      expect(anew.rang.map(({ id }) => id)).toEqual([again.id])
    }))
  it.effect("and was ringing for our call is told that it is over, if it rings again: it answered, and was killed before it knew", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann", "phone"), "phone")
      const old = yield* openEnd(wire.join("bob", "desk"), "desk")
      const calling = yield* ann.line.call("bob")
      yield* pass(250)
      // Nothing that Ann sends arrives from now on, so that all of it is owed.
      wire.pass = ({ device }) => device !== "phone"
      yield* Effect.forkScoped(lastRang(old).accept())
      yield* pass(250)
      expect(yield* calling.state).toMatchObject({ _tag: "Connected" })
      wire.leave("desk")
      yield* TestClock.adjust(1)
      const anew = yield* openEnd(wire.join("bob", "desk"), "desk")
      wire.pass = ({ message }) => message.from !== old.line.from
      const next = yield* anew.line.call("ann")
      yield* pass(10_000)
      expect(yield* calling.state).toEqual(ended("remote", "peer_restarted"))
      for (const call of anew.rang) expect([call.id, yield* tag(call)]).toEqual([calling.id, "Ended"])
      expect(yield* tag(next)).toBe("WaitingAnswer")
      expect(ann.rang.map(({ id }) => id)).toEqual([next.id])
    }))
  it.effect("with a clock that was set back is believed when no call is on with the line before it, and not in one", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann", "phone"), "phone")
      wire.join("bob", "desk")
      const offer = (from: string, seq: number, callId: string) => ({ type: "offer", sdp: theirOffer, from, seq, base: seq, call_id: callId, negotiation: 0 })
      yield* wire.inject("phone", "bob", offer("desk.5", 0, "c1"))
      yield* lastRang(ann).accept()
      yield* pass(500)
      yield* wire.inject("phone", "bob", offer("desk.4", 0, "c2"))
      expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale", why: expect.stringContaining("earlier start") })
      expect(ann.rang.map(({ id }) => id)).toEqual(["c1"])
      expect(yield* tag(lastRang(ann))).toBe("Connected")
      yield* wire.inject("phone", "bob", { type: "hangup", from: "desk.5", to: ann.line.from, ack: 4, seq: 1, base: 1, call_id: "c1" })
      yield* pass(500)
      expect(yield* tag(lastRang(ann))).toBe("Ended")
      yield* wire.inject("phone", "bob", offer("desk.4", 0, "c2"))
      expect(ann.rang.map(({ id }) => id)).toEqual(["c1", "c2"])
    }))
  it.effect("is known by its device: another device's start, however it sorts, ends nothing", () =>
    Effect.gen(function*() {
      const { ann, survivor, wire } = yield* restarts("connected")
      for (const [n, from] of ["tab.zzzz", "desk", "desks.zzzz", "desk.x.zzzz"].entries()) {
        yield* wire.inject("phone", "bob", { type: "offer", sdp: theirOffer, from, seq: 0, base: 0, call_id: `c${n}`, negotiation: 0 })
      }
      yield* pass(500)
      expect(yield* tag(survivor)).toBe("Connected")
      expect(ann.rang).toHaveLength(5)
    }))
})

describe("R2 (SIG-7), what is for one of two devices", () => {
  it.effect("is counted by the other, reaches none of its calls, and holds up nothing that comes after it", () =>
    Effect.gen(function*() {
      const { ann, calling, onDesk, tablet, wire } = yield* ringing
      yield* onDesk.accept()
      yield* pass(1_000)
      const [before, said] = [tablet.receipts.length, wire.of("phone").length]
      for (const n of [5, 6]) ann.mock.peer.trickle(hostLine(n))
      yield* calling.hold
      yield* pass(1_000)
      // Two candidates and an offer, and whatever of them was said twice.
      const forDesk = wire.of("phone").slice(said).flatMap(({ message }) => ("seq" in message && message.to !== undefined ? [message.seq] : []))
      expect(new Set(forDesk).size).toBe(3)
      // An acknowledgement names no call.
      const told = tablet.receipts.slice(before).flatMap(({ callId, receipt }) => (callId === undefined || receipt._tag === "Repeated" ? [] : [receipt]))
      expect(told).toHaveLength(forDesk.length)
      for (const receipt of told) expect(receipt).toMatchObject({ _tag: "Stale", why: expect.stringContaining("another line") })
      yield* calling.hangup()
      const next = yield* ann.line.call("bob")
      yield* pass(250)
      expect(tablet.rang.map(({ id }) => id)).toEqual([calling.id, next.id])
      // Counted, it is acknowledged too.
      const last = wire.of("tablet", "ack").at(-1)?.message
      const seqs = wire.of("phone").map(({ message }) => ("seq" in message ? message.seq ?? 0 : 0))
      expect(last).toMatchObject({ to: ann.line.from, ack: Math.max(...seqs) + 1 })
    }))
})
