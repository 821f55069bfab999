/** What descriptions say of the ends that make them, and what comes of it: who lacks rounds is not asked for one. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Abilities, type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { commonAbilities, isMarked, markAnswer, markOffer } from "../../src/call/marks.ts"
import { seeded } from "../seed.ts"
import { able, inputs, intent, lines, offerOf, sdpOf, unable, withoutRestart } from "./situations.ts"
import { agree, connectedMachines, type End, settle, twoMachines } from "./twoMachines.ts"

const section = "m=audio 9 UDP/TLS/RTP/SAVPF 111"
const mark = "a=x-enigma-rtc:1"
const lacksRounds = "a=x-enigma-lacks:rounds"
const lacksRestart = "a=x-enigma-lacks:restart"
const toLf = (sdp: string) => sdp.replaceAll("\r\n", "\n")
const abilities: fc.Arbitrary<Abilities> = fc.constantFrom(able, withoutRestart, unable)

describe("SIG-26: the attributes of a description", () => {
  const sdp = offerOf(1, 1, section, "a=mid:0", section)
  it.each([
    ["an offer", markOffer(sdp, able), [mark]],
    ["an offer, without ICE restart", markOffer(sdp, withoutRestart), [mark, lacksRestart]],
    ["an offer, without rounds", markOffer(sdp, unable), [mark, lacksRounds]],
    ["an answer", markAnswer(sdp, able), []],
    ["an answer, without ICE restart", markAnswer(sdp, withoutRestart), [lacksRestart]],
    ["an answer, without rounds", markAnswer(sdp, unable), [lacksRounds]]
  ] as const)("stand once, before the first section, where they speak of the whole session: %s", (_, marked, attributes) => {
    expect(marked).toBe(offerOf(1, 1, ...attributes, section, "a=mid:0", section))
  })
  it("have the line ending that is used there", () => {
    for (const what of [able, withoutRestart, unable]) {
      expect(markOffer(toLf(sdp), what)).toBe(toLf(markOffer(sdp, what)))
      expect(markAnswer(toLf(sdp), what)).toBe(toLf(markAnswer(sdp, what)))
    }
  })
  it("are not put where there is no section to stand before", () => {
    for (const text of ["", "an offer", "m=audio", "v=0\r\ns=m=audio\r\n"]) {
      expect(markOffer(text, unable)).toBe(text)
      expect(markAnswer(text, unable)).toBe(text)
    }
  })
  it("change nothing else, whatever stands in the description", () => {
    const line = fc.constantFrom("a=$1$&$`", "a=mid:0", section, "a=x", mark, lacksRounds, "s=m=x")
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), abilities, (more, what) => {
        const before = offerOf(1, 1, ...more)
        const at = before.search(/\r\nm=/)
        for (const marked of [markOffer(before, what), markAnswer(before, what)]) {
          const added = marked.length - before.length
          if (at < 0) expect(added).toBe(0)
          else expect(marked.slice(0, at) + marked.slice(at + added)).toBe(before)
        }
      }),
      seeded("marks", 300)
    )
  })
})

describe("SIG-26: the attributes are read", () => {
  const sdp = offerOf(1, 1, section)
  it("from what was written, with any line ending", () => {
    for (const end of [(text: string) => text, toLf]) {
      for (const what of [able, withoutRestart, unable]) {
        expect(isMarked(end(markOffer(sdp, what)))).toBe(true)
        expect(isMarked(end(markAnswer(sdp, what)))).toBe(false)
        for (const marked of [markOffer(sdp, what), markAnswer(sdp, what)]) expect(commonAbilities(able, end(marked))).toEqual(what)
      }
    }
  })
  it("as whole lines only: not of a later version, nor out of another attribute's value", () => {
    for (const line of [`${mark}0`, `${mark}.1`, ` ${mark}`, `s=${mark}`, "a=x-enigma-rtc", "a=X-Enigma-RTC:1"]) expect(isMarked(offerOf(1, 1, line, section))).toBe(false)
    for (const line of [`${lacksRounds}2`, `${lacksRestart}s`, "a=x-enigma-lacks", `a=x:${lacksRounds}`]) {
      expect(commonAbilities(able, offerOf(1, 1, line, section))).toEqual(able)
    }
  })
  it("and both ends come to the same: what both can do", () => {
    fc.assert(
      fc.property(abilities, abilities, (one, other) => {
        const both = commonAbilities(one, markOffer(sdp, other))
        expect(commonAbilities(other, markAnswer(sdp, one))).toEqual(both)
        expect(both).toEqual({ renegotiates: one.renegotiates && other.renegotiates, restartsIce: one.restartsIce && other.restartsIce })
        // An answer that tells what both can do tells the caller no more.
        expect(commonAbilities(other, markAnswer(sdp, both))).toEqual(both)
      }),
      seeded("abilities", 100)
    )
  })
})

const timersOf = (end: End) => end.call.commands.flatMap((command) => (command._tag === "StartTimer" ? [command.timer] : []))
const offersOf = (end: End) => end.said.filter((what) => what.startsWith("offer"))

describe.each([
  ["the caller's", { a: unable }],
  ["the callee's", { b: unable }],
  ["neither", { a: unable, b: unable }]
] as const)("R9: an engine makes one round only: %s", (_, engines) => {
  const abilitiesOf = (end: End) => ("call" in end.state ? end.state.call.abilities : undefined)

  it("both ends know it from the first offer and answer", () => {
    const { a, b } = connectedMachines(engines)
    for (const end of [a, b]) expect(abilitiesOf(end)).toEqual(unable)
  })
  it("what needs another round is rejected, at either end, and what needs none is not", () => {
    const { a, b } = connectedMachines(engines)
    for (const end of [a, b]) {
      for (const input of [inputs.userSharesScreen, inputs.userHolds]) {
        expect(end.does(input)).toMatchObject({ _tag: "Rejected", why: expect.stringContaining("engine, or the peer's") })
      }
      expect(end.does(inputs.userRestartsIce)).toMatchObject({ _tag: "Rejected", why: expect.stringContaining("engine, or the peer") })
      expect(end.does(inputs.engineNeedsRound)._tag).toBe("Ignored")
      expect(end.does(inputs.userMutes)._tag).toBe("Moved")
    }
    settle(a, b)
    agree(a, b)
    expect([offersOf(a), offersOf(b)]).toEqual([["offer call-of-a.1 0"], []])
  })
  it("SIG-23: media that are interrupted are waited for, with no grace, for nobody would restart ICE after it", () => {
    const { a, b } = connectedMachines(engines)
    for (const end of [a, b]) {
      end.does(inputs.engineInterrupted)
      expect(timersOf(end)).toContain("reconnect")
      expect(timersOf(end)).not.toContain("callerGrace")
      expect(timersOf(end)).not.toContain("calleeGrace")
    }
  })
  it("SIG-23: ICE that has failed ends the call, at either end", () => {
    for (const which of ["a", "b"] as const) {
      const ends = connectedMachines(engines)
      expect(ends[which].does(inputs.engineLost)).toMatchObject({ state: { _tag: "Ending", by: "local", reason: "ice_failed" } })
      settle(ends.a, ends.b)
      expect([ends.a.state._tag, ends.b.state._tag]).toEqual(["Ended", "Ended"])
    }
  })
})

describe.each([["the caller's", { a: withoutRestart }], ["the callee's", { b: withoutRestart }]] as const)(
  "SIG-23: an engine offers again, and does not restart ICE: %s",
  (_, engines) => {
    it("media change, at either end; ICE is not restarted, at neither", () => {
      const { a, b } = connectedMachines(engines)
      for (const end of [a, b]) {
        expect(end.does(inputs.userSharesScreen)._tag).toBe("Moved")
        settle(a, b)
        expect(end.does(inputs.userRestartsIce)._tag).toBe("Rejected")
        end.does(inputs.engineInterrupted)
        expect(timersOf(end).filter((timer) => timer.endsWith("Grace"))).toEqual([])
        expect(step(end.state, inputs.engineLost)).toMatchObject({ state: { reason: "ice_failed" } })
      }
    })
  }
)

describe("R9: what the peer's engine lacks is known", () => {
  const after = (state: CallState, ...story: ReadonlyArray<CallInput>): CallState => story.reduce((now, input) => {
    const verdict = step(now, input)
    if (verdict._tag !== "Moved") throw new Error(`${now._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
    return verdict.state
  }, state)
  const lacking = (sdp: string, attribute: string) => sdp.replace("m=audio", `${attribute}\r\nm=audio`)
  const waiting = after(idle(intent), inputs.userCalls, { _tag: "EngineOffered", operation: 1, sdp: sdpOf("ours") })

  it("while it rings: what the user wants then is part of the answer, and what it wants after that is rejected", () => {
    const ringing = after(idle(intent), { ...inputs.peerOffers, sdp: lacking(sdpOf("theirs"), lacksRounds) })
    const answering = after(ringing, inputs.userSharesScreen, inputs.userAccepts)
    expect(answering).toMatchObject({ call: { intent: { send: { screen: "on" } }, abilities: unable } })
    expect(step(answering, inputs.userHolds)._tag).toBe("Rejected")
  })
  it("from the answer on, which is being applied", () => {
    const applying = after(waiting, { ...inputs.peerAnswers, sdp: lacking(sdpOf("theirs"), lacksRounds) })
    expect(step(waiting, inputs.userHolds)._tag).toBe("Moved")
    expect(step(applying, inputs.userHolds)._tag).toBe("Rejected")
  })
  it("what was wanted before that is not offered, for it would not be answered", () => {
    const wanted = after(waiting, inputs.userHolds, { ...inputs.peerAnswers, sdp: lacking(sdpOf("theirs"), lacksRounds) })
    expect(after(wanted, { _tag: "EngineApplied", operation: 3 })).toMatchObject({ _tag: "Connected", negotiation: { _tag: "Stable" } })
  })
  it("of the call that goes on: an offer that collides tells it too", () => {
    const theirs: CallInput = { ...inputs.peerCallsLower, sdp: lacking(offerOf(42, 1, section), lacksRounds), line: lines.lower }
    expect(after(waiting, theirs)).toMatchObject({ call: { abilities: unable } })
    // Ours was not told to anybody yet, and is what it is.
    expect(after(waiting, { ...theirs, sdp: offerOf(42, 1, section) })).toMatchObject({ call: { abilities: able } })
  })
  it("ours is told in the first offer, and in the answer of who is called", () => {
    const { a, b } = twoMachines({ a: unable, b: withoutRestart })
    a.callsPeer()
    a.engineDoes()
    expect(a.outbox[0]?.said).toMatchObject({ _tag: "SendOffer", sdp: expect.stringContaining(`${mark}\r\n${lacksRounds}\r\nm=`) })
    b.callsPeer()
    b.engineDoes()
    expect(b.outbox[0]?.said).toMatchObject({ _tag: "SendOffer", sdp: expect.stringContaining(`${mark}\r\n${lacksRestart}\r\nm=`) })
    b.hears(a)
    b.engineDoes()
    // Of two ends of which one makes no rounds, none does.
    expect(b.outbox.at(-1)?.said).toMatchObject({ _tag: "SendAnswer", sdp: expect.stringContaining("a=x-enigma-lacks:") })
    settle(a, b)
    agree(a, b)
  })
})
