/** R9: peers without delivery fields, such as the Rust crate: what they are told, and what never. */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { candidate, endOfCandidates, inputIn, inputs, intent, lines, offerOf, sdpOf, situations } from "./situations.ts"

const after = (state: CallState, input: CallInput) => {
  const verdict = step(state, input)
  if (verdict._tag !== "Moved") throw new Error(`${state._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
  return verdict
}
const plain = [situations.plain, situations.callerPlain, situations.plainConnecting, situations.plainInterrupted]
const mark = "a=x-enigma-rtc:1"

describe("SIG-26 (R9): both call, and the peer's offer has no delivery fields", () => {
  const waiting = (session: string): CallState => ({ ...situations.waiting, offer: offerOf(session, 1, "m=audio 9 UDP/TLS/RTP/SAVPF 111") })
  const calls = (session: string, marked: boolean, ending = "\r\n"): CallInput => ({
    _tag: "PeerOffered",
    sdp: offerOf(session, 1, ...(marked ? [mark] : []), "m=audio 9 UDP/TLS/RTP/SAVPF 111").replaceAll("\r\n", ending),
    callId: "call-9",
    aware: false
  })

  it("it never yields, and so we do, whatever the numbers say", () => {
    expect(step(waiting("1"), calls("2", false))._tag).toBe("Moved")
    expect(step(waiting("2"), calls("1", false))._tag).toBe("Moved")
  })
  it("it would take the withdrawal for the end of its own call: none is sent", () => {
    expect(after(waiting("1"), calls("2", false)).commands.map(({ _tag }) => _tag)).toEqual(["StopTimer", "ReopenPeer", "CreateAnswer", "AddCandidates"])
  })
  it("it has our mark: the lower session id of the o= line goes on, at either end", () => {
    expect(step(waiting("1"), calls("2", true))._tag).toBe("Ignored")
    expect(step(waiting("2"), calls("1", true))._tag).toBe("Moved")
  })
  it("a transport has changed the line endings: the answer is the same", () => {
    expect(step(waiting("1"), calls("2", true, "\n"))._tag).toBe("Ignored")
    expect(step(waiting("2"), calls("1", true, "\n"))._tag).toBe("Moved")
  })
  it("session ids are numbers of up to 20 digits: they are not compared as texts, nor as floating numbers", () => {
    expect(step(waiting("9"), calls("10", true))._tag).toBe("Ignored")
    expect(step(waiting("10"), calls("9", true))._tag).toBe("Moved")
    expect(step(waiting("18446744073709551614"), calls("18446744073709551615", true))._tag).toBe("Ignored")
    expect(step(waiting("18446744073709551615"), calls("18446744073709551614", true))._tag).toBe("Moved")
  })
  it("an offer with delivery fields goes by its line, whatever its session id", () => {
    const own: CallState = { ...situations.waiting, offer: offerOf(9, 1) }
    expect(step(own, { ...inputs.peerCallsHigher, sdp: offerOf(1, 1) })._tag).toBe("Ignored")
  })
  it("every offer of ours has the mark, at the level of the session", () => {
    const first = after(situations.creating, { ...inputs.engineOffered, sdp: sdpOf("ours") }).commands[0]
    const round = after(situations.callerCreating, { ...inputs.engineOffered, sdp: sdpOf("ours") }).commands[0]
    for (const command of [first, round]) {
      if (command?._tag !== "SendOffer") throw new Error("no offer is sent")
      expect(command.sdp.split("\r\n").indexOf(mark)).toBe(4)
      expect(command.sdp.replace(`${mark}\r\n`, "")).toBe(sdpOf("ours"))
    }
  })
})

describe("SIG-17, SIG-28 (R9): an early hangup", () => {
  const hungUp = after(idle(intent), inputs.peerHangsUp).state
  it("that names its call ends it when its offer comes, without a ring", () => {
    const ended = after(hungUp, inputs.peerOffers)
    expect(ended.state).toMatchObject({ _tag: "Ended", by: "remote" })
    expect(ended.commands.map(({ _tag }) => _tag)).toEqual(["Emit"])
  })
  it("of another call ends nothing", () => {
    expect(after(hungUp, { ...inputs.peerOffers, callId: "call-2" }).state._tag).toBe("IncomingOffer")
  })
  it("that names no call ends nothing: it would be of the call before", () => {
    expect(step(idle(intent), { _tag: "PeerHungUp", reason: "normal", aware: false })._tag).toBe("Ignored")
  })
  it("is remembered, of 16 calls at most", () => {
    let state: CallState = idle(intent)
    for (let n = 0; n < 17; n++) state = after(state, { ...inputs.peerHangsUp, callId: `early-${n}` }).state
    expect(state).toMatchObject({ hungUp: Array.from({ length: 16 }, (_, n) => `early-${n + 1}`) })
  })
  it("does not end a call of our own", () => {
    expect(after(hungUp, inputs.userCalls).state._tag).toBe("CreatingOffer")
  })
})

describe("SIG-25 (R9): a peer without delivery fields is never sent", () => {
  it("another round, for media or for hold: both are rejected, and say so", () => {
    for (const state of plain) {
      for (const input of [inputs.userSharesScreen, inputs.userHolds]) {
        expect(step(state, input)).toMatchObject({ _tag: "Rejected", why: expect.stringContaining("delivery fields") })
      }
      expect(step(state, inputs.userMutes)._tag).toBe("Moved")
    }
  })
  it("another round, wanted while its call is answered: that is rejected as it is after it, and while it rings it needs none", () => {
    const ringing: CallState = { ...situations.ringing, call: { ...situations.ringing.call, aware: false } }
    const answering = after(after(ringing, inputs.userSharesScreen).state, inputs.userAccepts).state
    expect(answering).toMatchObject({ call: { intent: { send: { screen: "on" } } } })
    expect(step(answering, inputs.userHolds)).toMatchObject({ _tag: "Rejected", why: expect.stringContaining("delivery fields") })
    expect(step(answering, inputs.userMutes)._tag).toBe("Moved")
  })
  it("another round that the engine asks for", () => {
    for (const state of plain) expect(step(state, inputs.engineNeedsRound)._tag).toBe("Ignored")
  })
  it("another round that was wanted before it was known to be such a peer", () => {
    const wanting = after(situations.waiting, inputs.userHolds).state
    const unaware: CallState = wanting._tag === "WaitingAnswer" ? { ...wanting, call: { ...wanting.call, aware: false } } : wanting
    const applying = after(unaware, inputs.peerAnswersNameless).state
    const connected = after(applying, { ...inputs.engineApplied, operation: 8 })
    expect(connected.state).toMatchObject({ _tag: "Connected", negotiation: { _tag: "Stable" } })
    expect(connected.commands.map(({ _tag }) => _tag)).toEqual(["StartTimer"])
  })
  it("an ICE restart: of the user's, after the grace, or when ICE gives up", () => {
    for (const state of plain) expect(step(state, inputs.userRestartsIce)._tag).toBe("Rejected")
    expect(after(situations.plain, inputs.engineInterrupted).commands.map((command) => ("timer" in command ? command.timer : command._tag))).toEqual(["reconnect", "Emit"])
    expect(after(situations.plain, inputs.engineLost).state._tag).toBe("Ending")
  })
  it("an end-of-candidates", () => {
    for (const state of plain) expect(after(state, { ...inputs.engineTrickled, candidate: endOfCandidates }).commands).toEqual([])
  })
})

describe("SIG-25, SIG-28 (R9): a peer without delivery fields", () => {
  it("names no call, no line and no round, and is heard all the same", () => {
    expect(after(situations.waiting, inputs.peerAnswersNameless).state).not.toHaveProperty("call.line")
    for (const situation of ["plain", "plainConnecting", "plainInterrupted"] as const) {
      expect(after(situations[situation], inputIn(situation, "peerTricklesFirst")).commands[0]?._tag).toBe("AddCandidates")
      expect(after(situations[situation], inputIn(situation, "peerHangsUp")).state._tag).toBe("Ending")
    }
  })
  it("rings for the offer that we gave up for its call, once it has ended that: only then it is told", () => {
    const yielded = after(situations.waiting, inputs.peerCallsPlainly).state
    const hangup: CallInput = { _tag: "PeerHungUp", reason: "normal", aware: false }
    const told = { _tag: "SendHangup", callId: "call-9", reason: "withdrawn" }
    expect(after(yielded, hangup).commands).toEqual([told, { _tag: "ClosePeer" }])
    const connected = after(yielded, { ...inputs.engineAnswered, operation: 8 }).state
    expect(after(connected, hangup).commands).toContainEqual(told)
    // Who had sent no offer, or yields to one that names its call, has told all there is to tell.
    expect(after(after(situations.creating, inputs.peerCallsPlainly).state, hangup).commands).toEqual([{ _tag: "ClosePeer" }])
    const aware = after(situations.waiting, inputs.peerCallsLower).state
    const theirs: CallInput = { ...inputs.peerHangsUp, callId: "call-2", line: lines.lower }
    expect(after(aware, theirs).commands).toEqual([{ _tag: "ClosePeer" }])
  })
  it("calls too, and its candidates come before its offer: they are given to the engine that answers it", () => {
    const nameless = (n: number): CallInput => ({ ...inputs.namelessTrickles, candidate: candidate(n) })
    for (const story of [[nameless(1)], [{ _tag: "EngineOffered", operation: 1, sdp: sdpOf("ours") }, nameless(1)], [nameless(1), { _tag: "EngineOffered", operation: 1, sdp: sdpOf("ours") }]] as const) {
      let state = after(idle(intent), inputs.userCalls).state
      for (const input of story) {
        const heard = after(state, input)
        expect(heard.commands.map(({ _tag }) => _tag)).not.toContain("AddCandidates")
        state = heard.state
      }
      expect(after(state, inputs.peerCallsPlainly).commands.slice(-2)).toMatchObject([{ _tag: "CreateAnswer" }, { _tag: "AddCandidates", candidates: [candidate(1)] }])
      // Who names its calls has not meant that one.
      expect(after(state, inputs.peerCallsLower).commands.at(-1)).toMatchObject({ _tag: "CreateAnswer" })
    }
  })
  it("answers, and its candidates come before that: they are given to the engine with the answer", () => {
    expect(after(situations.waiting, inputs.namelessTrickles).commands).toEqual([])
    const heard = after(situations.waiting, inputs.namelessTrickles).state
    expect(after(heard, inputs.peerAnswersNameless).commands.slice(-2)).toMatchObject([{ _tag: "ApplyAnswer" }, { _tag: "AddCandidates", candidates: [candidate(5), candidate(9)] }])
  })
  it("cannot fill the memory before its offer, or its answer: 64 of its candidates are kept", () => {
    for (const start of [situations.creating, situations.waiting]) {
      let state: CallState = start
      for (let n = 1; n < 64; n++) state = after(state, inputs.namelessTrickles).state
      expect(step(state, inputs.namelessTrickles)).toMatchObject({ _tag: "Ignored", why: expect.stringContaining("64") })
    }
  })
  it("repeats its offer: that is ignored; offers anew: that is rejected", () => {
    expect(step(situations.plain, inputIn("plain", "peerOffers"))._tag).toBe("Ignored")
    expect(step(situations.plain, inputIn("plain", "peerOffersAnew"))._tag).toBe("Rejected")
  })
})

describe("an engine that does not renegotiate", () => {
  it("is not asked to: media that need a round are rejected before and in the call, and a lost path ends it", () => {
    for (const state of [situations.waiting, situations.answering, situations.callerStable, situations.callerCreating]) {
      const unable: CallState = { ...state, call: { ...state.call, abilities: { renegotiates: false, restartsIce: false } } }
      expect(step(unable, inputs.userSharesScreen)).toMatchObject({ _tag: "Rejected", why: expect.stringContaining("engine") })
      expect(step(unable, inputs.userMutes)._tag).toBe("Moved")
      expect(step(unable, inputs.userRestartsIce)._tag).toBe("Rejected")
    }
    expect(step(situations.unable, inputs.engineNeedsRound)._tag).toBe("Ignored")
    expect(step(situations.unable, { ...inputs.peerHangsUp, line: lines.theirs })._tag).toBe("Moved")
  })
  it("renegotiates, and does not restart ICE: media change, and a lost path ends the call", () => {
    const state: CallState = { ...situations.callerStable, call: { ...situations.callerStable.call, abilities: { renegotiates: true, restartsIce: false } } }
    expect(step(state, inputs.userSharesScreen)._tag).toBe("Moved")
    expect(step(state, inputs.userRestartsIce)._tag).toBe("Rejected")
    expect(step(state, inputs.engineLost)).toMatchObject({ state: { _tag: "Ending", reason: "ice_failed" } })
  })
})
