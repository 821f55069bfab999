/** R7: rounds of offer and answer in a call have numbers, and two offers that cross are both answered in the end. */
import { describe, expect, it } from "vitest"
import { step } from "../../src/call/index.ts"
import { inputIn, inputs, sdpOf, situations } from "./situations.ts"
import { agree, connectedMachines, type End, settle, twoMachines } from "./twoMachines.ts"

const share = (end: End) => end.does(inputs.userSharesScreen)
const descriptions = (end: End, from = 0) =>
  end.said.slice(from).filter((what) => /^(offer|answer)/.test(what)).map((what) => what.replace(" call-of-a.1", ""))
const after = (a: End, b: End) => ({ a: a.said.length, b: b.said.length })

describe("R7: numbers", () => {
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

describe("R7: two offers cross", () => {
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
  it("what is wanted while a round is under way comes after it, once", () => {
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
  it("the peer hangs up while an offer is taken back: the call ends, and the late result is nothing", () => {
    expect(step(situations.rollingBack, inputs.peerHangsUp)).toMatchObject({ state: { _tag: "Ending" } })
    expect(step(situations.ending, inputs.engineRolledBack)._tag).toBe("Ignored")
  })
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
