import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { inputIn, inputs, intent, offerOf, type Situation, situations, theirOffer } from "./situations.ts"

describe("an offer", () => {
  const rung = (sdp: string): CallState => {
    const verdict = step(idle(intent), { ...inputs.peerOffers, sdp })
    if (verdict._tag !== "Moved") throw new Error(verdict.why)
    return verdict.state
  }
  const why = (state: CallState, input: CallInput) => {
    const verdict = step(state, input)
    return verdict._tag === "Moved" ? verdict : [verdict._tag, verdict.why]
  }
  const repeat = ["Ignored", "the call has its offer already"]
  const inState = (tag: CallState["_tag"], role: "caller" | "callee") =>
    (Object.keys(situations) as ReadonlyArray<Situation>).filter((situation) => {
      const state: CallState = situations[situation]
      return state._tag === tag && "call" in state && state.call.role === role
    })
  const answering = inState("IncomingOffer", "callee")
  const callee = [...answering, ...inState("Connected", "callee")]
  const caller = [...inState("CreatingOffer", "caller"), ...inState("WaitingAnswer", "caller"), ...inState("Connected", "caller")]

  it("that comes in tells what media it offers before anybody accepts it", () => {
    const section = (kind: string, port: number) => `m=${kind} ${port} UDP/TLS/RTP/SAVPF 96`
    expect(rung(theirOffer)).toMatchObject({ offered: { audio: true, video: false, data: false } })
    expect(rung(offerOf(1, 1, section("audio", 9), section("video", 9), section("application", 9)))).toMatchObject({
      offered: { audio: true, video: true, data: true }
    })
  })
  it("that comes twice is ignored, whatever the call has come to", () => {
    for (const situation of callee) expect(step(situations[situation], inputIn(situation, "peerOffers"))._tag, situation).toBe("Ignored")
    for (const situation of answering) expect(why(situations[situation], inputs.peerOffers)).toEqual(repeat)
    expect(why(rung(theirOffer), inputs.peerOffers)).toEqual(repeat)
  })
  it("of another version, or of another session, is no repeat, and is rejected while the first has no answer", () => {
    for (const situation of answering) {
      for (const sdp of [offerOf(41, 2), offerOf(42, 1), offerOf(4, 11)]) {
        expect(why(situations[situation], { ...inputs.peerOffers, sdp })).toEqual(["Rejected", "the call's offer is not answered yet"])
      }
    }
  })
  it("SIG-18: that names no round is no round's, and is rejected in a call that is connected", () => {
    for (const situation of ["callerStable", "calleeStable", "plain"] as const) {
      expect(why(situations[situation], inputIn(situation, "peerOffersNoRound"))).toEqual(["Rejected", expect.stringContaining("round")])
    }
  })
  it("SIG-12: of another call is told apart from one of this call, in every state that has an answer to make or to wait for", () => {
    for (const situation of [...callee, ...inState("Connected", "caller")]) {
      expect(why(situations[situation], inputs.peerCallsHigher), situation).toEqual(["Ignored", "it belongs to another call"])
    }
  })
  it("of our own, that comes back to us, is not the peer's, whatever our call has come to", () => {
    for (const situation of caller) {
      // Nothing of ours is out before, that could come back.
      if (situation === "creating") continue
      expect(step(situations[situation], inputIn(situation, "peerEchoes"))._tag, situation).not.toBe("Moved")
    }
    for (const situation of ["waiting", "applying", "applyingUp"] as const) {
      expect(why(situations[situation], inputs.peerEchoes)).toEqual(["Ignored", "our own offer came back"])
    }
  })
  it("is known by its session id and version, and by nothing that names an address", () => {
    expect(rung(theirOffer)).toMatchObject({ call: { remoteOrigin: "41 1" } })
    expect(rung("v=0\no=ann 18446744073709551615 7 IN IP6 2001:db8::1\ns=-\n")).toMatchObject({
      call: { remoteOrigin: "18446744073709551615 7" }
    })
  })
})
