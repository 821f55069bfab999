/** R6: a user may have several devices. The first answer binds the call to its line. */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { inputIn, inputs, intent, lines, sdpOf, type Situation, situations } from "./situations.ts"

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

describe("SIG-13 (R6): the first answer binds", () => {
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
    expect(after(situations.waiting, inputs.peerAnswersNameless).commands.map(({ _tag }) => _tag)).toEqual(["StopTimer", "ApplyAnswer", "AddCandidates"])
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

describe("SIG-14 (R6): before an answer", () => {
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

describe("SIG-14 (R6): after it, only the line counts that the call is with", () => {
  it.each(bound)("%s: nothing that another device says moves the call", (situation) => {
    const state: CallState = situations[situation]
    const others = (["otherLineHangsUp", "otherLineRestarts", "otherLineTrickles", "otherLineOffersRound", "otherLineAnswers", "otherLineAnswersRound", "otherLineGarbles"] as const)
    for (const other of others) expect(step(state, inputIn(situation, other))._tag, other).not.toBe("Moved")
  })
  it.each(bound)("%s: nor does what names no line, and comes from another by that", (situation) => {
    const nameless: ReadonlyArray<CallInput> = [inputs.namelessHangsUp, inputs.namelessGarbles, { ...inputs.namelessHangsUp, callId: "call-1" },
      { _tag: "PeerTrickled", candidate: inputs.peerTricklesFirst.candidate, aware: false }, inputs.peerAnswersNameless,
      { _tag: "PeerOffered", sdp: sdpOf("theirs", 77), callId: "call-1", aware: false }]
    for (const input of nameless) expect(step(situations[situation], input)._tag, input._tag).not.toBe("Moved")
  })
  it("a device without delivery fields has answered: what another one says, that names itself, is not of this call", () => {
    for (const situation of ["plain", "callerPlain", "plainConnecting", "plainInterrupted"] as const) {
      for (const other of [inputs.otherLineHangsUp, inputs.otherLineTrickles, inputs.otherLineGarbles, inputs.otherLineAnswers, inputs.otherLineOffersRound]) {
        expect(step(situations[situation], other)._tag, `${situation} ${other._tag}`).toBe("Ignored")
      }
    }
  })
  it("a device without delivery fields has answered: another one's ring timeout does not end the call, and its own hangup does", () => {
    let state: CallState = idle(intent)
    for (const input of [inputs.userCalls, { _tag: "EngineOffered", operation: 1, sdp: sdpOf("ours") }, inputs.peerAnswersNameless] as const) state = after(state, input).state
    const applied = after(state, { _tag: "EngineApplied", operation: 3 }).state
    for (const now of [state, applied]) {
      expect(step(now, { ...inputs.otherLineHangsUp, reason: "ring_timeout" })._tag).toBe("Ignored")
      expect(after(now, inputs.namelessHangsUp).state).toMatchObject({ _tag: "Ending", by: "remote", reason: "declined" })
    }
  })
  it("its hangup ends the call", () => {
    for (const situation of bound) {
      expect(after(situations[situation], inputIn(situation, "peerHangsUp")).state, situation).toMatchObject({ by: "remote", reason: "normal" })
    }
  })
})

describe("SIG-15 (R4, R6): the device that the call is with starts anew", () => {
  it("that ends the call: what ran there knows nothing of it", () => {
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

describe("SIG-4 (R6): an offer or answer of a call cannot be read", () => {
  it("that ends the call, whatever it has come to, and tells the peer why", () => {
    for (const situation of ["waiting", ...bound] as const) {
      const ended = after(situations[situation], inputIn(situation, "peerGarbles"))
      expect(ended.state, situation).toMatchObject({ by: "local", reason: "protocol_error" })
      expect(ended.commands, situation).toContainEqual({ _tag: "SendHangup", callId: "call-1", reason: "protocol_error" })
    }
  })
  it("but not when it is another call's, or another device's, that says so", () => {
    for (const situation of bound) {
      for (const input of ["peerGarblesOther", "otherLineGarbles", "namelessGarbles"] as const) {
        expect(step(situations[situation], inputs[input])._tag, `${situation} ${input}`).toBe("Ignored")
      }
    }
    expect(step(situations.waiting, inputs.peerGarblesOther)._tag).toBe("Ignored")
  })
})

describe("SIG-17 (R6): a hangup is taken at any time", () => {
  const called = (Object.keys(situations) as ReadonlyArray<Situation>).filter((situation) => "call" in situations[situation] && situation !== "creating")
  it.each(called)("%s: whatever the engine works at", (situation) => {
    const ended = after(situations[situation], inputIn(situation, "peerHangsUp"))
    expect(ended.state).toMatchObject({ by: "remote", reason: "normal" })
    // No engine is left open, and none is closed that was not there.
    const tags = ended.commands.map(({ _tag }) => _tag)
    expect(tags.filter((tag) => tag === "ClosePeer")).toHaveLength(situation === "ringing" ? 0 : 1)
  })
  it("while ours crosses it: each has ended already", () => {
    const ending = after(situations.callerStable, inputs.userHangsUp).state
    expect(ending._tag).toBe("Ending")
    expect(step(ending, inputs.peerHangsUp)._tag).toBe("Ignored")
    expect(step(after(ending, inputs.engineClosed).state, inputs.peerHangsUp)._tag).toBe("Ignored")
  })
  it("before its offer: that rings nobody then", () => {
    const hungUp = after(idle(intent), inputs.peerHangsUp).state
    const ended = after(hungUp, inputs.peerOffers)
    expect(ended.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
    expect(ended.commands.map(({ _tag }) => _tag)).toEqual(["Emit"])
  })
})
