/** R5: both call each other at the same moment, and both ends come to the same one of the two calls. */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, route, step } from "../../src/call/index.ts"
import { inputIn, inputs, intent, lines, offerOf, sdpOf, situations } from "./situations.ts"
import { agree, type End, settle, twoMachines } from "./twoMachines.ts"

/** Both have called, and both offers are on their way. */
const collided = () => {
  const { a, b } = twoMachines()
  for (const end of [a, b]) {
    end.callsPeer()
    end.engineDoes()
  }
  return { a, b }
}
const hangupsOf = (end: End) => end.said.filter((what) => what.startsWith("hangup"))

describe("SIG-10 (R5): both call each other", () => {
  it.each(["the winner hears first", "the loser hears first"])("one call remains, the one from the lower line: %s", (order) => {
    const { a, b } = collided()
    if (order.startsWith("the winner")) a.hears(b)
    else b.hears(a)
    settle(a, b)
    agree(a, b)
    expect([a.call.id, b.call.id]).toEqual(["call-of-a.1", "call-of-a.1"])
    expect([a.calls.length, b.calls.length]).toEqual([1, 1])
    expect([a.state, b.state]).toMatchObject([{ call: { role: "caller" } }, { call: { role: "callee" } }])
  })
  it("comparing in CreatingOffer would win with an offer that may never be sent: it yields to a higher line too", () => {
    const { a, b } = twoMachines()
    a.callsPeer()
    b.callsPeer()
    b.engineDoes()
    a.hears(b)
    expect(a.state).toMatchObject({ _tag: "IncomingOffer", call: { id: "call-of-b.1", role: "callee" } })
    // Nothing was said of its own call, so that there is nothing to withdraw.
    expect(a.said).toEqual([])
    settle(a, b)
    agree(a, b)
  })
  it("A calls B, a lower offer from C arrives, and A's microphone would open to C: only B's offer meets A's call", () => {
    // A line routes among the calls that are on with the offer's sender: with C there is none.
    expect(route({ type: "offer", callId: "call-of-c" }, [], () => false)).toEqual({ _tag: "Rings" })
  })
  it("another device of the peer's collides with nothing once the first has answered", () => {
    for (const state of [situations.applying, situations.applyingUp, situations.callerStable] satisfies ReadonlyArray<CallState>) {
      expect(route({ type: "offer", callId: "call-2" }, [{ id: "call-1", state }], () => false)).toEqual({ _tag: "Rings" })
    }
    for (const situation of ["applying", "applyingUp", "callerStable"] as const) {
      expect(step(situations[situation], inputIn(situation, "peerCallsLower"))._tag).toBe("Ignored")
    }
  })
  it("an offer of ours that comes back is not the peer's: nobody yields to an echo", () => {
    for (const aware of [true, false]) {
      expect(step(situations.waiting, { ...inputs.peerEchoes, line: lines.lower, aware })).toMatchObject({ _tag: "Ignored", why: expect.stringContaining("came back") })
    }
  })
})

describe("SIG-10 (R5): an app that routes messages itself has given both calls the same id", () => {
  const theirs = (session: number): CallInput => ({ _tag: "PeerOffered", sdp: offerOf(session, 1), negotiation: 0, callId: "call-1", aware: true })
  const mine = (session: number): CallState => ({ ...situations.waiting, offer: offerOf(session, 1), call: { ...situations.waiting.call, own: "" } })

  it("the one with the lower session id goes on, and the other yields", () => {
    expect(step(mine(3), theirs(7))._tag).toBe("Ignored")
    expect(step(mine(7), theirs(3))).toMatchObject({ _tag: "Moved", state: { _tag: "IncomingOffer", call: { role: "callee" } } })
  })
  it("the lower line goes on where both have one, whatever the session ids are", () => {
    expect(step(situations.waiting, { ...theirs(1), line: lines.theirs } as CallInput)._tag).toBe("Ignored")
    expect(step(situations.waiting, { ...theirs(99), line: lines.lower } as CallInput)._tag).toBe("Moved")
  })
  it("an offer that is not sent yet yields to one with its own id too", () => {
    expect(step(situations.creating, theirs(99))).toMatchObject({ _tag: "Moved", state: { _tag: "IncomingOffer", call: { id: "call-1", role: "callee" } } })
  })
  // The withdrawal names the call that goes on: the winner hears its own call hung up.
  it("both come to that one call", () => {
    const { a, b } = twoMachines()
    for (const end of [a, b]) {
      end.callsPeer("call-1")
      end.engineDoes()
    }
    settle(a, b)
    agree(a, b)
  })
})

describe("SIG-10 (R5): engines that write the same o= line into every description", () => {
  // Each takes the other's offer for its own, that came back: `isEcho` does not look at the call's id.
  it("do not keep two calls from meeting", () => {
    const same = offerOf(0, 0)
    const lower: CallState = { ...situations.waiting, offer: same }
    const theirs: CallInput = { ...inputs.peerCallsLower, sdp: same }
    expect(step(lower, theirs)._tag).toBe("Moved")
  })
})

describe("SIG-11 (R5): who gives up its call", () => {
  it("says so: silent rollback would leave the winner ringing a dead call", () => {
    const { a, b } = collided()
    b.hears(a)
    expect(hangupsOf(b)).toEqual(["hangup call-of-b.1 withdrawn"])
  })
  it("the loser answers at once, for its user already wanted the call", () => {
    const { a, b } = collided()
    b.hears(a)
    expect(b.state).toMatchObject({ _tag: "IncomingOffer", phase: { _tag: "Answering" } })
    expect(b.call.commands.map(({ _tag }) => _tag)).not.toContain("Emit")
  })
  it("the loser takes its own offer back, with a connection that knows nothing of it", () => {
    const { a, b } = collided()
    b.hears(a)
    expect(b.call.commands.slice(-4).map(({ _tag }) => _tag)).toEqual(["SendHangup", "StopTimer", "ReopenPeer", "CreateAnswer"])
  })
  it("the winner never answers the loser's offer", () => {
    const { a, b } = collided()
    settle(a, b)
    expect(a.said.filter((what) => what.startsWith("answer"))).toEqual([])
    expect(b.said.filter((what) => what.startsWith("answer"))).toEqual(["answer call-of-a.1 0"])
  })
  it("the offer that was being made comes late, or fails late: the answer goes on", () => {
    const { a, b } = twoMachines()
    a.callsPeer()
    b.callsPeer()
    b.engineDoes()
    a.hears(b)
    const before = a.state
    expect(a.does({ _tag: "EngineOffered", operation: 1, sdp: sdpOf("late") })._tag).toBe("Ignored")
    expect(a.does({ ...inputs.engineRefused, operation: 1 })._tag).toBe("Ignored")
    expect(a.state).toBe(before)
  })
  it("the numbers of operations and timers go on from the call that was given up: no late result is taken for a new one", () => {
    const { a, b } = collided()
    b.hears(a)
    const numbers = b.call.commands.flatMap((command) =>
      command._tag === "OpenPeer" || command._tag === "ReopenPeer" ? [command.operation] : command._tag === "StartTimer" ? [command.token] : [])
    expect(numbers).toEqual([1, 2, 3])
  })
  it("the loser hangs up meanwhile: the winner's call ends, and rings nobody", () => {
    const { a, b } = collided()
    b.hears(a)
    b.hangsUp()
    settle(a, b)
    expect([a.state._tag, b.state._tag]).toEqual(["Ended", "Ended"])
    expect(hangupsOf(b)).toEqual(["hangup call-of-b.1 withdrawn", "hangup call-of-a.1 normal"])
    expect(a.calls).toHaveLength(1)
  })
  it("the winner hangs up meanwhile: the loser's call, which is the winner's now, ends", () => {
    const { a, b } = collided()
    b.hears(a)
    a.hangsUp()
    settle(a, b)
    // The loser's offer, which was on its way, rings at the winner until its withdrawal is there.
    for (const { state } of [...a.calls, ...b.calls]) expect(state._tag).toBe("Ended")
    expect(a.calls.at(-1)?.state).toMatchObject({ by: "remote", reason: "withdrawn" })
  })
  it("the winner hangs up before the loser has heard of its call: the loser's call rings, and is not lost", () => {
    const { a, b } = collided()
    a.hangsUp()
    a.hears(b)
    expect(a.calls).toHaveLength(2)
    expect(a.state).toMatchObject({ _tag: "IncomingOffer", call: { id: "call-of-b.1" }, phase: { _tag: "Ringing" } })
  })
})

describe("SIG-24 (R5): who gives up its call keeps what its user wants", () => {
  it("the loser's media are those that it had asked for by then", () => {
    const { a, b } = collided()
    b.does(inputs.userSharesScreen)
    b.hears(a)
    const reopened = b.call.commands.find(({ _tag }) => _tag === "ReopenPeer")
    expect(reopened).toMatchObject({ intent: { send: { screen: "on" } } })
    // The answer brings them: no further round is wanted for what the withdrawn offer lacked.
    expect(b.state).toMatchObject({ call: { wants: { round: false, restart: false } } })
  })
})

describe("SIG-12 (R5): a message belongs to the call and the round that it names", () => {
  it("a hangup for a call that is not live only forgets it: the withdrawn call's end does not end the winner's", () => {
    const { a, b } = collided()
    b.hears(a)
    a.hears(b) // the offer
    a.hears(b) // its withdrawal
    expect(a.routes.at(-1)).toEqual({ _tag: "Stale", why: "the call has ended" })
    expect(a.state).toMatchObject({ _tag: "WaitingAnswer", phase: { _tag: "Waiting" } })
    // Without a line that routes: the machine itself knows that the hangup is of another call.
    expect(step(a.state, { _tag: "PeerHungUp", reason: "withdrawn", callId: "call-of-b.1", line: "b.1", aware: true })._tag).toBe("Ignored")
  })
  it("an answer must name the live call: one to the withdrawn call is not taken for the winner's", () => {
    const { a, b } = collided()
    b.hears(a)
    expect(step(b.state, { _tag: "PeerAnswered", sdp: sdpOf("x"), callId: "call-of-b.1", negotiation: 0, line: "a.1", aware: true })._tag).not.toBe("Moved")
    expect(step(a.state, { _tag: "PeerAnswered", sdp: sdpOf("x"), callId: "call-of-b.1", negotiation: 0, line: "b.1", aware: true })._tag).toBe("Ignored")
  })
  it("an answer must name the live negotiation", () => {
    expect(step(situations.waiting, { ...inputs.peerAnswers, negotiation: 1 })._tag).toBe("Ignored")
    expect(step(situations.callerOut, { ...inputs.peerAnswers, negotiation: 2, line: lines.theirs })._tag).toBe("Ignored")
  })
  it("an offer of a later round is of a call that is on: where there is none, it does not ring", () => {
    expect(step(idle(intent), inputs.peerOffersRound)._tag).toBe("Ignored")
    expect(step(idle(intent), { ...inputs.peerOffersRound, negotiation: 1 })._tag).toBe("Ignored")
    expect(step(idle(intent), { ...inputs.peerOffersRound, negotiation: 0 })._tag).toBe("Moved")
  })
  it("what names another call moves none that has an engine", () => {
    for (const situation of ["waiting", "applying", "ringing", "answering", "callerStable", "calleeOut"] as const) {
      for (const input of ["peerAnswersOther", "peerTricklesOther", "peerHangsUpOther", "peerGarblesOther"] as const) {
        expect(step(situations[situation], inputIn(situation, input))._tag, `${situation} ${input}`).not.toBe("Moved")
      }
    }
  })
  it("nothing moves a call that has ended, or is ending", () => {
    for (const situation of ["ending", "ended"] as const) {
      for (const input of Object.values<CallInput>(inputs)) {
        if ("aware" in input) expect(step(situations[situation], input)._tag).toBe("Ignored")
      }
    }
  })
})
