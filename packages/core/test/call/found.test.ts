/**
 * What the machine does, and should not: found by these tests, each with the shortest inputs that show it. A test moves
 * to its rule's file when it has turned green.
 */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { candidate, inputIn, inputs, intent, lines, offerOf, sdpOf, situations } from "./situations.ts"

const after = (state: CallState, ...story: ReadonlyArray<CallInput>): CallState => {
  let now = state
  for (const input of story) {
    const verdict = step(now, input)
    if (verdict._tag !== "Moved") throw new Error(`${now._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
    now = verdict.state
  }
  return now
}
const engineOffered: CallInput = { _tag: "EngineOffered", operation: 1, sdp: sdpOf("ours") }
const engineApplied: CallInput = { _tag: "EngineApplied", operation: 3 }
const called = after(idle(intent), inputs.userCalls, engineOffered)
const toCaller = { callId: "call-1", line: lines.theirs, aware: true }
const connected = after(called, inputs.peerAnswers, engineApplied)

describe("R6: after an answer only the line counts that the call is with", () => {
  it("a device without delivery fields has answered: another one's ring timeout does not end the call", () => {
    const plain = after(called, inputs.peerAnswersNameless, engineApplied)
    expect(step(plain, { ...inputs.otherLineHangsUp, reason: "ring_timeout" })._tag).toBe("Ignored")
  })
  it("a device with a line has answered: an old one's decline, which names nothing, does not end the call", () => {
    expect(step(connected, { _tag: "PeerHungUp", reason: "declined", aware: false })._tag).toBe("Ignored")
  })
})

describe("R7: whose number is it", () => {
  it("the first round's offer is the caller's: its own echo, or a callee's mistake, is not answered", () => {
    expect(step(connected, { _tag: "PeerOffered", sdp: sdpOf("ours"), negotiation: 0, ...toCaller })._tag).not.toBe("Moved")
  })
  it("an even number is the caller's to give: an offer of the callee's that has one is not answered", () => {
    expect(step(connected, { _tag: "PeerOffered", sdp: sdpOf("theirs", 41), negotiation: 2, ...toCaller })._tag).not.toBe("Moved")
  })
  it("an odd number is the callee's to give", () => {
    expect(step(situations.calleeStable, { ...inputs.peerOffersRound, negotiation: 5 })._tag).not.toBe("Moved")
  })
  it("the peer has answered round 2: an offer 1 of its is past, and is not answered after it", () => {
    const answered = after(
      connected,
      inputs.engineNeedsRound,
      { _tag: "EngineOffered", operation: 5, sdp: sdpOf("ours") },
      { ...inputs.peerAnswers, negotiation: 2 }
    )
    expect(step(answered, { _tag: "PeerOffered", sdp: sdpOf("theirs", 41), negotiation: 1, ...toCaller })._tag).toBe("Ignored")
  })
  it("an offer of a later round belongs to a call that is on: where there is none, it does not ring", () => {
    expect(step(idle(intent), inputs.peerOffersRound)._tag).toBe("Ignored")
  })
  it("an offer with a new number is new, though its engine gives every description the same o= line", () => {
    const callee = situations.calleeStable
    expect(step(callee, { ...inputs.peerOffersRound, sdp: offerOf(41, 1, "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:theirs") })._tag).toBe("Moved")
  })
})

describe("R8: what is ahead is held, bounded", () => {
  it("64 candidates of a round to come do not keep the first round's candidate from the engine", () => {
    const ahead = Array.from({ length: 64 }, (_, n): CallInput => ({
      _tag: "PeerTrickled",
      candidate: candidate(n),
      negotiation: 1,
      ...toCaller
    }))
    const full = after(situations.applying, ...ahead)
    expect(step(full, inputIn("applying", "peerTricklesFirst"))._tag).toBe("Moved")
  })
})

describe("R9: peers without delivery fields", () => {
  it("media that need a round with one of them are rejected while its call is answered, as they are after that", () => {
    const answering: CallState = { ...situations.answering, call: { ...situations.answering.call, aware: false } }
    expect(step(answering, inputs.userSharesScreen)._tag).toBe("Rejected")
  })
})

describe("R5: both call each other", () => {
  it("in sessions that the app has given the same call id: they do not both wait for the other's answer", () => {
    const theirs: CallInput = { _tag: "PeerOffered", sdp: offerOf(7, 1), negotiation: 0, callId: "call-1", aware: true }
    const mine = (session: number): CallState => ({ ...situations.waiting, offer: offerOf(session, 1), call: { ...situations.waiting.call, own: "" } })
    const verdicts = [step(mine(3), theirs), step(mine(9), theirs)].map(({ _tag }) => _tag)
    expect(verdicts).toContain("Moved")
  })
})
