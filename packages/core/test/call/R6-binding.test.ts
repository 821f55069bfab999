/** R6: a user may have several devices. The first answer binds the call to its line. */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, step } from "../../src/call/index.ts"
import { inputIn, inputs, lines, type Situation, situations } from "./situations.ts"

const after = (state: CallState, input: CallInput) => {
  const verdict = step(state, input)
  if (verdict._tag !== "Moved") throw new Error(`${state._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
  return verdict
}
/** Every situation in which the call is with one line. */
const bound: ReadonlyArray<Situation> = (Object.keys(situations) as ReadonlyArray<Situation>).filter((situation) => {
  const state: CallState = situations[situation]
  return "call" in state && state.call.line !== undefined
})

describe("R6: the first answer binds", () => {
  const answered = after(situations.waiting, inputs.otherLineAnswers)
  it("the call to the line that sent it, whichever that is", () => {
    expect(answered.state).toMatchObject({ call: { line: lines.other } })
    expect(after(situations.waiting, inputs.peerAnswers).state).toMatchObject({ call: { line: lines.theirs } })
  })
  it("the peer's other devices would ring on: the caller tells all, and names the line whose answer won", () => {
    expect(answered.commands).toContainEqual({
      _tag: "SendHangup",
      callId: "call-1",
      reason: "answered_elsewhere",
      answeredBy: lines.other
    })
  })
  it("a peer without delivery fields would take that for the end of its call: it is not told", () => {
    expect(after(situations.waiting, inputs.peerAnswersNameless).commands.map(({ _tag }) => _tag)).toEqual(["StopTimer", "ApplyAnswer"])
  })
  it("the line that is named ignores it, wherever its call has come to", () => {
    for (const situation of bound) {
      const state: CallState = situations[situation]
      if (state._tag === "WaitingAnswer") continue
      expect(step(state, inputIn(situation, "peerHasOurAnswer"))._tag, situation).toBe("Ignored")
    }
  })
  it("every other line ends its call with that reason: ringing, answering, or connected with an answer that lost", () => {
    const elsewhere: CallInput = { ...inputs.peerHangsUp, reason: "answered_elsewhere" }
    for (const state of [situations.ringing, situations.answering, situations.answeringUp, situations.calleeConnecting]) {
      expect(after(state, elsewhere).state).toMatchObject({ by: "remote", reason: "answered_elsewhere" })
    }
  })
  it("a second answer, from another device or from the same, is ignored", () => {
    for (const input of [inputs.peerAnswers, inputs.otherLineAnswers]) {
      expect(step(answered.state, input)._tag).toBe("Ignored")
      expect(step(situations.callerConnecting, input)._tag).toBe("Ignored")
    }
  })
})

describe("R6: before an answer", () => {
  it.each(["declined", "busy"])("one device's hangup ends the call everywhere: %s", (reason) => {
    const ended = after(situations.waiting, { ...inputs.otherLineHangsUp, reason })
    expect(ended.state).toMatchObject({ _tag: "Ending", by: "remote", reason })
    expect(ended.commands).toContainEqual({ _tag: "SendHangup", callId: "call-1", reason })
  })
  it("a peer without delivery fields, that is one device, is not told what it has said", () => {
    const ended = after(situations.waiting, { _tag: "PeerHungUp", reason: "declined", aware: false })
    expect(ended.commands.map(({ _tag }) => _tag)).toEqual(["StopTimer", "ClosePeer"])
  })
  it("a device that starts anew ends nothing: it will hear of the call", () => {
    for (const input of [inputs.peerRestarts, inputs.otherLineRestarts]) expect(step(situations.waiting, input)._tag).toBe("Ignored")
  })
})

describe("R6: after it, only the line counts that the call is with", () => {
  it.each(bound)("%s: nothing that another device says moves the call", (situation) => {
    const state: CallState = situations[situation]
    const others = (["otherLineHangsUp", "otherLineRestarts", "otherLineTrickles", "otherLineOffersRound", "otherLineAnswers", "otherLineAnswersRound"] as const)
    for (const other of others) expect(step(state, inputIn(situation, other))._tag, other).not.toBe("Moved")
  })
  it("its hangup ends the call", () => {
    for (const situation of bound) {
      expect(after(situations[situation], inputIn(situation, "peerHangsUp")).state, situation).toMatchObject({ by: "remote", reason: "normal" })
    }
  })
  it("its new start ends the call (R4): what ran there knows nothing of it", () => {
    for (const situation of bound) {
      expect(after(situations[situation], inputIn(situation, "peerRestarts")).state, situation).toMatchObject({ by: "remote", reason: "peer_restarted" })
    }
  })
  it("the line that started anew rings for the call as any that hears of it: a caller tells it that the call is over", () => {
    const told = { _tag: "SendHangup", callId: "call-1", reason: "peer_restarted" }
    expect(after(situations.callerStable, inputs.peerRestarts).commands).toContainEqual(told)
    expect(after(situations.applying, inputs.peerRestarts).commands).toContainEqual(told)
    expect(after(situations.calleeStable, inputs.peerRestarts).commands).not.toContainEqual(told)
  })
})
