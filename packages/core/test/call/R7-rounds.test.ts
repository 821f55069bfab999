/** R7: rounds of offer and answer in a call have numbers, and two offers that cross are both answered in the end. */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, idle, step } from "../../src/call/index.ts"
import { inputIn, inputs, intent, offerOf, type Situation, sdpOf, situations } from "./situations.ts"
import { agree, connectedMachines, type End, settle, twoMachines } from "./twoMachines.ts"

const share = (end: End) => end.does(inputs.userSharesScreen)
const descriptions = (end: End, from = 0) =>
  end.said.slice(from).filter((what) => /^(offer|answer)/.test(what)).map((what) => what.replace(" call-of-a.1", ""))
const after = (a: End, b: End) => ({ a: a.said.length, b: b.said.length })

describe("SIG-18 (R7): numbers", () => {
  it("the first round is 0; then a caller's are even and a callee's odd, above any that was seen; answers echo", () => {
    const { a, b } = connectedMachines()
    expect([descriptions(a), descriptions(b)]).toEqual([["offer 0"], ["answer 0"]])
    for (const end of [b, b, a, b, a]) {
      end.does(inputs.engineNeedsRound)
      settle(a, b)
      agree(a, b)
    }
    expect(descriptions(a)).toEqual(["offer 0", "answer 1", "answer 3", "offer 4", "answer 5", "offer 6"])
    expect(descriptions(b)).toEqual(["answer 0", "offer 1", "offer 3", "answer 4", "offer 5", "answer 6"])
  })
  it("both would use n + 1: two offers that cross have two numbers", () => {
    const { a, b } = connectedMachines()
    const from = after(a, b)
    for (const end of [a, b]) {
      share(end)
      end.engineDoes()
    }
    expect([descriptions(a, from.a), descriptions(b, from.b)]).toEqual([["offer 2"], ["offer 1"]])
  })
  it("a withdrawn offer's number is never used again: its candidates share no number with what follows", () => {
    const { a, b } = connectedMachines()
    const from = after(a, b)
    for (const end of [a, b]) {
      share(end)
      end.engineDoes()
    }
    settle(a, b)
    agree(a, b)
    expect(descriptions(b, from.b)).toEqual(["offer 1", "answer 2", "offer 3"])
    expect(descriptions(a, from.a)).toEqual(["offer 2", "answer 3"])
  })
  it("a lower number that is seen late does not bring back a higher one: ours is above both", () => {
    const { a, b } = connectedMachines()
    const from = after(a, b)
    for (const end of [a, b]) {
      share(end)
      end.engineDoes()
    }
    a.does(inputs.userHolds)
    a.hears(b) // 1, after our own 2 has gone out
    b.hears(a)
    b.engineDoes() // takes back 1
    b.engineDoes() // answers 2
    a.hears(b)
    a.engineDoes()
    a.engineDoes()
    expect(descriptions(a, from.a)).toEqual(["offer 2", "offer 4"])
    settle(a, b)
    agree(a, b)
  })
  it("an offer that was never sent takes no number", () => {
    const { a, b } = connectedMachines()
    share(b)
    share(a)
    a.engineDoes()
    b.hears(a)
    const from = after(a, b)
    settle(a, b)
    agree(a, b)
    expect(descriptions(b, from.b)).toEqual(["answer 2", "offer 3"])
  })
  it("an answer to a round that is past is ignored", () => {
    expect(step(situations.callerOut, inputIn("callerOut", "peerAnswersPast"))._tag).toBe("Ignored")
    expect(step(situations.calleeOut, inputIn("calleeOut", "peerAnswersPast"))._tag).toBe("Ignored")
  })
})

describe("SIG-18 (R7): whose number is it", () => {
  const connected = (Object.keys(situations) as ReadonlyArray<Situation>).filter((situation) => {
    const state: CallState = situations[situation]
    return state._tag === "Connected" && state.call.aware
  })
  it("a caller's are even, a callee's odd: an offer of the peer's that has one of ours is not answered, in any round", () => {
    for (const situation of connected) {
      const state: CallState = situations[situation]
      const ours = "call" in state && state.call.role === "caller" ? [0, 2, 4, 6, 100] : [1, 3, 5, 7, 101]
      for (const negotiation of ours) {
        expect(step(state, { ...inputs.peerOffersRound, sdp: sdpOf("theirs", 41, 9), negotiation })._tag, `${situation} ${negotiation}`).toBe("Ignored")
      }
    }
  })
  // `isFurtherOffer` does not ask whose number it is.
  it("nor while the first answer is applied", () => {
    expect(step(situations.applying, { ...inputs.peerOffersRound, sdp: sdpOf("theirs", 41, 9), negotiation: 2 })._tag).toBe("Ignored")
  })
  it("our own first offer, that comes back as the peer's, is not answered", () => {
    for (const situation of connected) expect(step(situations[situation], inputIn(situation, "peerEchoes"))._tag, situation).toBe("Ignored")
  })
  it("the peer has answered our round 2: an offer 1 of its is past, and is not answered after it", () => {
    const { a, b } = connectedMachines()
    a.does(inputs.engineNeedsRound)
    settle(a, b)
    expect(a.state).toMatchObject({ remote: { described: 2, offered: -1 } })
    const late: CallInput = { _tag: "PeerOffered", sdp: sdpOf("theirs", 41, 9), negotiation: 1, callId: a.call.id, line: "b.1", aware: true }
    expect(a.does(late)).toMatchObject({ _tag: "Ignored", why: expect.stringContaining("has been here") })
    expect(step(a.state, { ...late, negotiation: 3 })._tag).toBe("Moved")
  })
  it("an offer with a new number is new, though its engine gives every description the same o= line", () => {
    const same = offerOf(41, 1, "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:theirs")
    expect(step(situations.calleeStable, { ...inputs.peerOffersRound, sdp: same })._tag).toBe("Moved")
    expect(step(situations.calleeStable, { ...inputs.peerOffersPast, sdp: same })._tag).toBe("Ignored")
  })
  it("an offer of a later round belongs to a call that is on: where there is none, it does not ring", () => {
    for (const negotiation of [1, 2, 4]) expect(step(idle(intent), { ...inputs.peerOffersRound, negotiation })._tag).toBe("Ignored")
  })
})

describe("SIG-19 (R7): two offers cross", () => {
  it.each([["the caller hears first", 0], ["the callee hears first", 1]] as const)("both ends come to rest in the same round: %s", (_, first) => {
    const { a, b } = connectedMachines()
    for (const end of [a, b]) {
      share(end)
      end.engineDoes()
    }
    if (first === 0) a.hears(b)
    else b.hears(a)
    settle(a, b)
    agree(a, b)
    expect([a, b].map(({ state }) => state._tag === "Connected" && state.call.negotiation)).toEqual([3, 3])
  })
  it("the callee is polite: it takes its offer back, answers, and offers again what it still wants", () => {
    const { a, b } = connectedMachines()
    b.does(inputs.userRestartsIce)
    b.engineDoes()
    share(a)
    a.engineDoes()
    b.hears(a)
    expect(b.call.asked?._tag).toBe("RollBack")
    b.engineDoes()
    expect(b.call.asked?._tag).toBe("CreateAnswer")
    b.engineDoes()
    // It wanted a restart, which the caller's offer has not brought.
    expect(b.call.asked).toMatchObject({ _tag: "CreateOffer", iceRestart: true })
    settle(a, b)
    agree(a, b)
  })
  it("the callee's offer is not made yet when the caller's comes: it is taken back unsent", () => {
    const { a, b } = connectedMachines()
    const from = after(a, b)
    share(b)
    share(a)
    a.engineDoes()
    b.hears(a)
    expect(b.call.asked?._tag).toBe("CreateOffer")
    b.engineDoes()
    expect(b.call.asked?._tag).toBe("RollBack")
    expect(descriptions(b, from.b)).toEqual([])
    settle(a, b)
    agree(a, b)
  })
  it("the caller is impolite: it overlooks the offer that its own has crossed", () => {
    const { a, b } = connectedMachines()
    share(a)
    a.engineDoes()
    share(b)
    b.engineDoes()
    a.hears(b)
    expect(a.call.asked).toBeUndefined()
    expect(a.state).toMatchObject({ negotiation: { _tag: "Out", number: 2 } })
    expect(a.state).not.toHaveProperty("queued")
  })
  it("the impolite end would ignore an offer, then fail to make its own, and both would wait: it answers the one that it kept", () => {
    const { a, b } = connectedMachines()
    const from = after(a, b)
    share(b)
    b.engineDoes()
    share(a)
    a.hears(b)
    expect(a.state).toMatchObject({ negotiation: { _tag: "Creating" }, queued: { negotiation: 1 } })
    a.engineRefuses()
    expect(a.told.at(-1)?._tag).toBe("NegotiationFailed")
    settle(a, b)
    agree(a, b)
    // What it wanted itself comes after that.
    expect(descriptions(a, from.a)).toEqual(["answer 1", "offer 2"])
  })
  it("an offer that the engine could not make is tried again, after a while; what is wanted meanwhile is tried at once", () => {
    const { a, b } = connectedMachines()
    share(a)
    a.engineRefuses()
    expect(a.told.at(-1)?._tag).toBe("NegotiationFailed")
    expect(a.call.commands.at(-1)).toMatchObject({ _tag: "StartTimer", timer: "retry" })
    expect(a.call.asked).toBeUndefined()
    a.triesAgain()
    expect(a.call.asked?._tag).toBe("CreateOffer")
    a.engineRefuses()
    a.does(inputs.userHolds)
    expect(a.call.asked?._tag).toBe("CreateOffer")
    settle(a, b)
    agree(a, b)
  })
  it("a restart that failed, and is not needed any more, is not tried again", () => {
    const { a, b } = connectedMachines()
    a.does(inputs.engineLost)
    a.engineRefuses()
    a.does(inputs.engineUp)
    a.triesAgain()
    expect(a.call.asked).toBeUndefined()
    agree(a, b)
  })
  it("the polite end fails to make its own: it answers the caller's all the same", () => {
    const { a, b } = connectedMachines()
    share(b)
    share(a)
    a.engineDoes()
    b.hears(a)
    b.engineRefuses()
    settle(a, b)
    agree(a, b)
  })
})

describe("SIG-20 (R7): while the engine is busy with a round", () => {
  it("what is wanted comes after it, once", () => {
    const { a, b } = connectedMachines()
    const from = after(a, b)
    share(a)
    a.does(inputs.userHolds)
    a.does({ ...inputs.userHolds, media: { hold: false } })
    settle(a, b)
    agree(a, b)
    expect(descriptions(a, from.a)).toEqual(["offer 2", "offer 4"])
  })
  it("the callee offers again before the caller has applied its answer: the offer waits for its turn", () => {
    const { a, b } = twoMachines()
    a.callsPeer()
    a.engineDoes()
    b.hears(a)
    b.does({ _tag: "UserAccepted", media: {} })
    b.does(inputs.userSharesScreen)
    b.engineDoes() // the answer; then what the user wanted meanwhile
    b.engineDoes()
    expect(descriptions(b)).toEqual(["answer 0", "offer 1"])
    a.hears(b)
    const found = b.finds()
    a.hears(b)
    expect(a.state).toMatchObject({ _tag: "WaitingAnswer", phase: { _tag: "Applying" } })
    settle(a, b)
    agree(a, b)
    expect(descriptions(a)).toEqual(["offer 0", "answer 1"])
    expect(a.added).toContain(found)
  })
  it("the caller applies an answer when the next offer comes: one waits, and is answered then", () => {
    const { a, b } = connectedMachines()
    share(a)
    a.engineDoes()
    b.hears(a)
    share(b)
    b.engineDoes()
    b.engineDoes()
    a.hears(b)
    a.hears(b)
    expect(a.state).toMatchObject({ negotiation: { _tag: "Applying" }, queued: { negotiation: 3 } })
    settle(a, b)
    agree(a, b)
  })
  it("the caller's offer waits while the callee's engine makes its own", () => {
    const queued = step(situations.calleeCreating, inputIn("calleeCreating", "peerOffersRound"))
    expect(queued).toMatchObject({ _tag: "Moved", commands: [], state: { queued: { negotiation: 4 }, negotiation: { _tag: "Creating" } } })
  })
  it("an offer waits while the answer to the one before is made", () => {
    const queued = step(situations.calleeAnswers, inputIn("calleeAnswers", "peerOffersLater"))
    if (queued._tag !== "Moved") throw new Error(queued.why)
    expect(queued).toMatchObject({ commands: [], state: { queued: { negotiation: 6 }, negotiation: { _tag: "Answering" } } })
    const answered = step(queued.state, inputs.engineAnswered)
    expect(answered).toMatchObject({ commands: [{ _tag: "SendAnswer", negotiation: 4 }, { _tag: "CreateAnswer" }], state: { negotiation: { _tag: "Answering" } } })
  })
  it("SIG-17: the peer hangs up while an offer is taken back: the call ends, and the late result is nothing", () => {
    expect(step(situations.rollingBack, inputs.peerHangsUp)).toMatchObject({ state: { _tag: "Ending" } })
    expect(step(situations.ending, inputs.engineRolledBack)._tag).toBe("Ignored")
  })
})

describe("R7: a round that comes to nothing", () => {
  it("an engine that cannot take an offer back, or apply what it was given, ends the call", () => {
    for (const state of [situations.rollingBack, situations.callerApplies, situations.calleeAnswers]) {
      expect(step(state, inputs.engineRefused)).toMatchObject({ state: { _tag: "Ending", reason: "engine_error" } })
    }
  })
  it("an engine that did not come back with an offer in time may have made it all the same: the call ends", () => {
    expect(step(situations.callerCreating, inputs.engineTookTooLong)).toMatchObject({ state: { _tag: "Ending" } })
    expect(step(situations.callerCreating, inputs.engineRefused)).toMatchObject({ state: { _tag: "Connected", negotiation: { _tag: "Stable", retry: 8 } } })
  })
  it("nobody answers: the call ends with negotiation_timeout, and the peer is told", () => {
    expect(step(situations.calleeOut, inputs.negotiationFires)).toMatchObject({
      state: { by: "local", reason: "negotiation_timeout" },
      commands: [{ _tag: "SendHangup", reason: "negotiation_timeout" }, { _tag: "ClosePeer" }]
    })
  })
  it("an offer that comes twice is answered once", () => {
    const { a, b } = connectedMachines()
    share(a)
    a.engineDoes()
    const again = a.outbox[0]
    settle(a, b)
    if (again !== undefined) a.outbox.push(again)
    expect(b.hears(a)?._tag).toBe("Ignored")
    agree(a, b)
  })
  it("an offer of another device, or of no round, is not answered", () => {
    for (const situation of ["callerStable", "calleeStable"] as const) {
      expect(step(situations[situation], inputIn(situation, "otherLineOffersRound"))._tag).toBe("Ignored")
      expect(step(situations[situation], { ...inputIn(situation, "peerOffersNoRound"), sdp: sdpOf("x", 41, 9) } as never)._tag).toBe("Rejected")
    }
  })
})
