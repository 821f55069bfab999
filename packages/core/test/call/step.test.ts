import { describe, expect, it } from "vitest"
import {
  allowedIn,
  type CallCommand,
  type CallInput,
  type CallState,
  idle,
  step
} from "../../src/call/index.ts"
import { candidate, endOfCandidates, inputs, intent, late, live, sdpOf, situations, theirOffer } from "./situations.ts"

const offered: CallInput = { _tag: "EngineOffered", operation: 1, sdp: sdpOf("ours") }
const trickled = (n: number): CallInput => ({ ...inputs.engineTrickled, candidate: candidate(n) })
const ends: CallInput = { ...inputs.engineTrickled, candidate: endOfCandidates }
const heard = (n: number): CallInput => ({ ...inputs.peerTricklesFirst, candidate: candidate(n) })
/** Candidates go out in the call's first round. */
const sent = (...candidates: ReadonlyArray<unknown>) => ({ _tag: "SendCandidates", callId: "call-1", negotiation: 0, candidates })

/** The state after an input that must move. */
const after = (state: CallState, input: CallInput): { readonly state: CallState; readonly commands: ReadonlyArray<CallCommand> } => {
  const verdict = step(state, input)
  if (verdict._tag !== "Moved") throw new Error(`${state._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
  return verdict
}
const commandsOf = (state: CallState, input: CallInput) => after(state, input).commands

describe("SIG-22: numbers of operations and timers", () => {
  it("are given anew to each operation and each timer, and named in its command", () => {
    const called = after(idle(intent), inputs.userCalls)
    expect(called.commands).toEqual([
      { _tag: "OpenPeer", operation: 1, intent },
      { _tag: "CreateOffer", operation: 1, iceRestart: false }
    ])
    const out = after(called.state, offered)
    expect(out.commands.at(-1)).toEqual({ _tag: "StartTimer", timer: "ring", token: 2 })
    const answered = after(out.state, inputs.peerAnswers)
    expect(answered.commands.at(-1)).toEqual({ _tag: "ApplyAnswer", operation: 3, answer: sdpOf("theirs") })
    const applied = after(answered.state, { _tag: "EngineApplied", operation: 3 })
    expect(applied.commands.at(-1)).toEqual({ _tag: "StartTimer", timer: "connect", token: 4 })
    const interrupted = after(after(applied.state, inputs.engineUp).state, inputs.engineInterrupted)
    expect(interrupted.commands.slice(0, 2)).toEqual([
      { _tag: "StartTimer", timer: "reconnect", token: 5 },
      { _tag: "StartTimer", timer: "callerGrace", token: 6 }
    ])
    const restarting = after(interrupted.state, { _tag: "TimerFired", timer: "callerGrace", token: 6 })
    expect(restarting.commands).toEqual([{ _tag: "CreateOffer", operation: 7, iceRestart: true }])
    const again = after(restarting.state, { ...offered, operation: 7 })
    expect(again.commands.at(-1)).toEqual({ _tag: "StartTimer", timer: "negotiation", token: 8 })
  })
  it("of an earlier interruption do not end a later one", () => {
    const first = after(situations.calleeStable, inputs.engineInterrupted)
    const again = after(after(first.state, inputs.engineUp).state, inputs.engineInterrupted)
    const [old] = first.commands
    if (old?._tag !== "StartTimer") throw new Error("no timer was started")
    expect(step(again.state, { _tag: "TimerFired", timer: "reconnect", token: old.token })._tag).toBe("Ignored")
  })
  it("of what was asked before are late, wherever a result or a fire may come", () => {
    const late = [inputs.engineOfferedLate, inputs.engineAnsweredLate, inputs.engineAppliedLate, inputs.engineRolledBackLate, inputs.engineRefusedLate,
      inputs.ringFiresLate, inputs.connectFiresLate, inputs.reconnectFiresLate, inputs.negotiationFiresLate, inputs.retryFiresLate,
      inputs.callerGraceFiresLate, inputs.calleeGraceFiresLate]
    for (const state of Object.values<CallState>(situations)) for (const input of late) expect(step(state, input)._tag).toBe("Ignored")
  })
  it("of a timer with another name end nothing", () => {
    expect(step(situations.waiting, { _tag: "TimerFired", timer: "connect", token: live })._tag).toBe("Ignored")
    expect(step(situations.calleeConnecting, { _tag: "TimerFired", timer: "ring", token: live })._tag).toBe("Ignored")
    expect(step(situations.callerGrace, inputs.calleeGraceFires)._tag).toBe("Ignored")
    expect(step(situations.calleeConnecting, { _tag: "TimerFired", timer: "connect", token: late })._tag).toBe("Ignored")
  })
})

describe("SIG-21: candidates", () => {
  it("of ours that come before the offer go out after it, in order", () => {
    const held = after(situations.creating, trickled(2))
    expect(held.commands).toEqual([])
    expect(commandsOf(held.state, inputs.engineOffered).slice(0, 2)).toMatchObject([
      { _tag: "SendOffer", callId: "call-1", negotiation: 0, sdp: expect.stringContaining("a=ice-ufrag:ours") },
      sent(candidate(1), candidate(2))
    ])
  })
  it("of the peer that come before its offer, and while it rings, go to the engine with the answer, in order", () => {
    const early = after(after(idle(intent), inputs.peerTricklesFirst).state, inputs.peerOffers)
    const ringing = after(early.state, heard(10))
    expect(commandsOf(ringing.state, inputs.userAccepts).slice(-2)).toEqual([
      { _tag: "CreateAnswer", operation: 2, offer: theirOffer },
      { _tag: "AddCandidates", candidates: [candidate(9), candidate(10)] }
    ])
  })
  it("of another call that come before the offer are not given to this call's engine", () => {
    const early = after(after(idle(intent), inputs.peerTricklesOther).state, inputs.peerOffers)
    expect(commandsOf(early.state, inputs.userAccepts).map(({ _tag }) => _tag)).toEqual(["StopTimer", "OpenPeer", "CreateAnswer"])
  })
  it("of the peer are kept up to 64 while no engine is open", () => {
    for (const start of [idle(intent), after(idle(intent), inputs.peerOffers).state]) {
      let state: CallState = start
      for (let n = 0; n < 64; n++) state = after(state, heard(n)).state
      expect(step(state, heard(64))).toMatchObject({
        _tag: "Ignored",
        why: expect.stringContaining("64")
      })
    }
  })
})

describe("SIG-25: an end-of-candidates", () => {
  const waiting = after(after(idle(intent), inputs.userCalls).state, offered).state
  const applied: CallInput = { _tag: "EngineApplied", operation: 3 }

  it("waits while the peer has shown no delivery fields", () => {
    expect(commandsOf(waiting, ends)).toEqual([])
  })
  it("goes out once the answer shows them", () => {
    const answered = after(after(waiting, ends).state, inputs.peerAnswers)
    expect(commandsOf(answered.state, applied)[0]).toEqual(sent(endOfCandidates))
  })
  it("goes out at once when a candidate has shown them", () => {
    expect(commandsOf(after(waiting, inputs.peerTricklesFirst).state, ends)).toEqual([sent(endOfCandidates)])
  })
  it("goes out to a peer that has shown them once, though its answer shows none", () => {
    const shown = after(waiting, inputs.peerTricklesFirst).state
    const answered = after(shown, inputs.peerAnswersNameless).state
    expect(commandsOf(answered, ends)).toEqual([sent(endOfCandidates)])
  })
  it("that was held with its offer waits too, and goes out once", () => {
    const creating = after(after(idle(intent), inputs.userCalls).state, ends)
    const out = after(creating.state, offered)
    expect(out.commands.map(({ _tag }) => _tag)).toEqual(["SendOffer", "StartTimer"])
    const connected = after(after(out.state, inputs.peerAnswers).state, applied)
    expect(connected.commands[0]).toEqual(sent(endOfCandidates))
    expect(connected.state).toMatchObject({ call: { unsentEnds: [] } })
  })
  it("never goes to a peer that shows none", () => {
    const answered = after(after(waiting, ends).state, inputs.peerAnswersNameless)
    const connected = after(answered.state, applied)
    expect(connected.commands.map(({ _tag }) => _tag)).toEqual(["StartTimer"])
    expect(commandsOf(connected.state, ends)).toEqual([])
    const callee = after(after(idle(intent), { ...inputs.peerOffers, aware: false }).state, inputs.userAccepts)
    const held = after(callee.state, ends).state
    expect(commandsOf(held, { _tag: "EngineAnswered", operation: 2, sdp: sdpOf("ours") }).map(({ _tag }) => _tag)).toEqual([
      "SendAnswer",
      "StartTimer"
    ])
  })
})

describe("the end of a call", () => {
  const failure = (reason: string) => ({ engine: "test", operation: "link", reason, message: "it broke" })
  it.each([
    ["the user", situations.calleeStable, inputs.userHangsUp, { by: "local", reason: "normal" }],
    ["the peer", situations.calleeStable, { ...inputs.peerHangsUp, reason: "busy" }, { by: "remote", reason: "busy" }],
    ["no answer", situations.waiting, inputs.ringFires, { by: "local", reason: "ring_timeout" }],
    ["no decision", situations.ringing, inputs.ringFires, { by: "local", reason: "ring_timeout" }],
    ["no media", situations.calleeConnecting, inputs.connectFires, { by: "local", reason: "connect_timeout" }],
    ["lost media", situations.calleeInterrupted, inputs.reconnectFires, { by: "local", reason: "ice_failed" }],
    ["no answer to a round", situations.callerOut, inputs.negotiationFires, { by: "local", reason: "negotiation_timeout" }],
    ["the peer's new start", situations.calleeStable, inputs.peerRestarts, { by: "remote", reason: "peer_restarted" }],
    ["what cannot be read", situations.calleeStable, inputs.peerGarbles, { by: "local", reason: "protocol_error" }],
    ["a path that nobody restarts", situations.unable, inputs.engineLost, { by: "local", reason: "ice_failed" }],
    ["a failed path", situations.calleeStable, { _tag: "EngineFailed", failure: failure("IceFailed") }, { reason: "ice_failed", failure: failure("IceFailed") }],
    ["a failed engine", situations.calleeStable, { _tag: "EngineFailed", failure: failure("Refused") }, { reason: "engine_error", failure: failure("Refused") }]
  ] as const)("by %s says who ended it, and why", (_, state, input, end) => {
    expect(after(state, input).state).toMatchObject(end)
  })
  it("is told with who and why when the engine is closed", () => {
    const ending = { _tag: "Ending", by: "remote", reason: "busy", failure: failure("Refused") } as const
    const ended = after(ending, { _tag: "EngineClosed" })
    expect(ended.state).toEqual({ ...ending, _tag: "Ended" })
    expect(ended.commands).toEqual([{ _tag: "Emit", event: { ...ending, _tag: "ConnectionClosed" } }])
  })
})

describe("what the user may do", () => {
  it.each([
    ["Idle", ["createOffer", "hangup", "setMedia"]],
    ["CreatingOffer", ["hangup", "setMedia"]],
    ["WaitingAnswer", ["hangup", "setMedia"]],
    ["IncomingOffer", ["accept", "decline", "hangup", "setMedia"]],
    ["Connected", ["hangup", "setMedia", "restartIce"]],
    ["Ending", []],
    ["Ended", []]
  ] as const)("in %s: %o", (state, allowed) => {
    expect(allowedIn(state)).toEqual(allowed)
  })
  it("is told with a rejection", () => {
    expect(step(situations.calleeStable, inputs.userCalls)).toMatchObject({
      _tag: "Rejected",
      allowed: ["hangup", "setMedia", "restartIce"]
    })
  })
})
