import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { goesBefore } from "../../src/call/collision.ts"
import type { InputOf, StateOf } from "../../src/call/index.ts"
import { markOffer } from "../../src/call/marks.ts"
import { seeded } from "../seed.ts"
import { able, offerOf, situations } from "./situations.ts"

interface Side {
  readonly line: string
  readonly id: string
  readonly session: string
  readonly ufrag?: string
}
const section = "m=audio 9 UDP/TLS/RTP/SAVPF 111"
const sdpOf = ({ session, ufrag }: Side) => offerOf(session, 1, section, ...(ufrag === undefined ? [] : [`a=ice-ufrag:${ufrag}`]))
const waiting = ({ id, line, session, ...rest }: Side): StateOf<"WaitingAnswer"> => ({
  ...situations.waiting,
  offer: sdpOf({ id, line, session, ...rest }),
  call: { ...situations.waiting.call, id, own: line }
})
/** The other side's offer, as it comes: with delivery fields, or stripped of them. */
const offer = ({ id, line, session, ...rest }: Side, aware: boolean): InputOf<"PeerOffered"> => ({
  _tag: "PeerOffered",
  callId: id,
  sdp: markOffer(sdpOf({ id, line, session, ...rest }), able),
  negotiation: 0,
  aware,
  ...(aware && line !== "" ? { line } : {})
})
const wins = (one: Partial<Side>, other: Partial<Side>, aware = true): boolean => {
  const ours = { line: "", id: "x", session: "1", ...one }
  const theirs = { line: "", id: "x", session: "1", ...other }
  return goesBefore(waiting(ours), offer(theirs, aware))
}

describe("SIG-10: of two calls", () => {
  it("the one from the lower line goes on, whatever the calls are called", () => {
    expect(wins({ line: "a.1", id: "z" }, { line: "b.1", id: "a" })).toBe(true)
    expect(wins({ line: "b.1", id: "a" }, { line: "a.1", id: "z" })).toBe(false)
  })
  it("lines are compared as bytes: capitals before small letters, digits before both, and not by length or language", () => {
    const order = ["!", "10.a", "9.a", "A.b", "B", "a", "a!", "a.b", "b", "~"]
    for (const [i, lower] of order.entries()) {
      for (const higher of order.slice(i + 1)) {
        expect(wins({ line: lower }, { line: higher }), `${lower} < ${higher}`).toBe(true)
        expect(wins({ line: higher }, { line: lower }), `${higher} > ${lower}`).toBe(false)
      }
    }
  })
  it("the one with the lower id goes on, where an end has no line", () => {
    for (const [one, other] of [["", ""], ["a.1", ""], ["", "a.1"]] as const) {
      expect(wins({ line: one, id: "A" }, { line: other, id: "a" })).toBe(true)
      expect(wins({ line: one, id: "a" }, { line: other, id: "A" })).toBe(false)
    }
  })
  it("the one with the lower session id goes on, where both have the same id, and an end has no line", () => {
    for (const [one, other] of [["", ""], ["a.1", ""], ["", "a.1"]] as const) {
      expect(wins({ line: one, session: "9" }, { line: other, session: "10" })).toBe(true)
      expect(wins({ line: one, session: "10" }, { line: other, session: "9" })).toBe(false)
    }
    // With two lines that does not count.
    expect(wins({ line: "a.1", session: "10" }, { line: "b.1", session: "9" })).toBe(true)
  })
  it("SIG-26: the one with the lower session id goes on, where a transport has stripped the fields and left the mark", () => {
    expect(wins({ session: "9" }, { session: "10" }, false)).toBe(true)
    expect(wins({ session: "10" }, { session: "9" }, false)).toBe(false)
    expect(wins({ session: "9007199254740992" }, { session: "9007199254740993" }, false)).toBe(true)
    expect(wins({ session: "9007199254740993" }, { session: "9007199254740992" }, false)).toBe(false)
    expect(wins({ session: "99999999999999999999" }, { session: "1" }, false)).toBe(false)
    expect(wins({ session: "007" }, { session: "8" }, false)).toBe(true)
  })
  it("SIG-10, SIG-26: the one with the lower ICE name goes on, where the stack always writes the same session id; the session id counts before it", () => {
    for (const aware of [true, false]) {
      expect(wins({ ufrag: "abcd" }, { ufrag: "abce" }, aware)).toBe(true)
      expect(wins({ ufrag: "abce" }, { ufrag: "abcd" }, aware)).toBe(false)
      expect(wins({ session: "9", ufrag: "zzzz" }, { session: "10", ufrag: "aaaa" }, aware)).toBe(true)
      expect(wins({ session: "10", ufrag: "aaaa" }, { session: "9", ufrag: "zzzz" }, aware)).toBe(false)
    }
  })
  it("SIG-26: without a mark the peer's goes on", () => {
    const theirs = { ...offer({ line: "", id: "z", session: "9" }, false), sdp: offerOf(9, 1, section) }
    expect(goesBefore(waiting({ line: "a.1", id: "a", session: "1" }), theirs)).toBe(false)
  })
  it("exactly one goes on, at either end, whatever they are called", () => {
    const id = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 64 })
    const side = fc.record({ line: id, id, session: fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }).map(String) })
    fc.assert(
      fc.property(side, side, fc.constantFrom("lines", "one line", "no lines", "one id", "stripped"), (one, other, how) => {
        fc.pre(one.line !== other.line && one.id !== other.id && one.session !== other.session)
        const sides = {
          lines: [one, other],
          "one line": [one, { ...other, line: "" }],
          "no lines": [{ ...one, line: "" }, { ...other, line: "" }],
          "one id": [{ ...one, line: "" }, { ...other, line: "", id: one.id }],
          stripped: [one, other]
        } as const
        const [ours, theirs] = sides[how]
        const aware = how !== "stripped"
        expect(goesBefore(waiting(ours), offer(theirs, aware))).toBe(!goesBefore(waiting(theirs), offer(ours, aware)))
      }),
      seeded("collisions", 1_000)
    )
  })
})
