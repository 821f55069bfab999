import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { inputs, intent, offerOf, situations, theirOffer } from "./situations.ts"

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
  const renegotiation = ["Rejected", "this is a new offer, and a call does not renegotiate yet"]
  const connected = [situations.connecting, situations.up, situations.interrupted]
  const callee = [situations.ringing, situations.answering, ...connected]
  const caller = connected.map((state): CallState => ({ ...state, call: { ...situations.waiting.call, serial: state.call.serial } }))

  it("that comes in tells what media it offers before anybody accepts it", () => {
    const section = (kind: string, port: number) => `m=${kind} ${port} UDP/TLS/RTP/SAVPF 96`
    expect(rung(theirOffer)).toMatchObject({ offered: { audio: true, video: false, data: false } })
    expect(rung(offerOf(1, 1, section("audio", 9), section("video", 9), section("application", 9)))).toMatchObject({
      offered: { audio: true, video: true, data: true }
    })
  })
  it("that comes twice is ignored, whatever the call has come to", () => {
    for (const state of callee) expect(why(state, inputs.peerOffers)).toEqual(repeat)
    expect(why(rung(theirOffer), inputs.peerOffers)).toEqual(repeat)
  })
  it("of another version, or of another session, is no repeat and is rejected", () => {
    for (const state of callee) {
      for (const sdp of [offerOf(41, 2), offerOf(42, 1), offerOf(4, 11)]) {
        expect(why(state, { ...inputs.peerOffers, sdp })).toEqual(renegotiation)
      }
    }
  })
  it("to the caller of a connected call is rejected, whatever it is", () => {
    for (const state of caller) {
      for (const sdp of [theirOffer, "no origin"]) expect(why(state, { ...inputs.peerOffers, sdp })).toEqual(renegotiation)
    }
  })
  it("of another call is told apart from one of this call, in every state that has a call", () => {
    const own = [situations.creating, situations.waiting, situations.applying]
    for (const state of [...own, ...callee, ...caller]) {
      expect(why(state, inputs.peerOffersOther)).toEqual(["Ignored", "it belongs to another call"])
    }
    for (const state of own) expect(why(state, inputs.peerOffersAnew)).toEqual(["Ignored", expect.stringContaining("of our own")])
  })
  it("is known by its session id and version, and by nothing that names an address", () => {
    expect(rung(theirOffer)).toMatchObject({ call: { remoteOrigin: "41 1" } })
    expect(rung("v=0\no=ann 18446744073709551615 7 IN IP6 2001:db8::1\ns=-\n")).toMatchObject({
      call: { remoteOrigin: "18446744073709551615 7" }
    })
  })
})
