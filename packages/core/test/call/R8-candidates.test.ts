/** R8: a candidate belongs to ICE credentials, and those to the round that brought them in; and who restarts ICE, when. */
import { describe, expect, it } from "vitest"
import { type CallCommand, type CallInput, type CallState, step } from "../../src/call/index.ts"
import { candidate, inputIn, inputs, type Situation, situations, sdpOf } from "./situations.ts"
import { agree, connectedMachines, type End, settle } from "./twoMachines.ts"

const after = (state: CallState, input: CallInput) => {
  const verdict = step(state, input)
  if (verdict._tag !== "Moved") throw new Error(`${state._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
  return verdict
}
const sent = (commands: ReadonlyArray<CallCommand>) =>
  commands.flatMap((command) => (command._tag === "SendCandidates" ? [[command.negotiation, ...command.candidates] as const] : []))
const trickles = (negotiation: number, n = 9): CallInput => ({ ...inputs.peerTricklesFirst, negotiation, candidate: candidate(n) })
const renegotiate = (end: End, a: End, b: End) => {
  end.does(inputs.engineNeedsRound)
  settle(a, b)
}
const restart = (end: End, a: End, b: End) => {
  end.does(inputs.userRestartsIce)
  settle(a, b)
}

describe("SIG-21 (R8): a candidate carries the round that brought its credentials in", () => {
  it("a slow relay candidate of round 0 would be dropped after round 1, which changed no credentials: it is still of round 0", () => {
    const { a, b } = connectedMachines()
    renegotiate(b, a, b)
    renegotiate(a, a, b)
    const slow = a.finds()
    expect(sent(a.call.commands).at(-1)?.[0]).toBe(0)
    settle(a, b)
    expect(b.added).toContain(slow)
    // And one that was on its way all the while is as good.
    expect(after(b.state, { ...trickles(0), callId: a.call.id, line: "a.1" } as CallInput).commands[0]?._tag).toBe("AddCandidates")
  })
  it("after a restart, candidates carry the restart's round, from either end", () => {
    const { a, b } = connectedMachines()
    restart(b, a, b)
    agree(a, b)
    const found = [a.finds(), b.finds()]
    expect([a, b].map((end) => sent(end.call.commands).at(-1)?.[0])).toEqual([1, 1])
    settle(a, b)
    expect([b.added.at(-1), a.added.at(-1)]).toEqual(found)
  })
  it("a candidate of credentials that a restart has replaced is stale", () => {
    const { a, b } = connectedMachines()
    restart(a, a, b)
    expect(step(b.state, { ...trickles(0), callId: a.call.id, line: "a.1" } as CallInput)._tag).toBe("Ignored")
    expect(step(a.state, { ...trickles(0), callId: a.call.id, line: "b.1" } as CallInput)._tag).toBe("Ignored")
  })
  it("what the engine finds while its offer is made goes out after the offer, with its number, and only if it is the offer's", () => {
    const creating: CallState = { ...situations.callerCreating, negotiation: { ...situations.callerCreating.negotiation as { readonly _tag: "Creating"; readonly operation: number; readonly brings: { round: boolean; restart: boolean }; readonly found: [] }, found: [] } }
    const found = after(after(creating, { ...inputs.engineTrickled, ufrag: "ours9" }).state, { ...inputs.engineTrickled, ufrag: "other", candidate: candidate(3) })
    const out = after(found.state, { ...inputs.engineOffered, sdp: sdpOf("ours9") })
    expect(out.commands.map(({ _tag }) => _tag)).toEqual(["SendOffer", "SendCandidates", "StartTimer"])
    expect(sent(out.commands)).toEqual([[4, candidate(2)]])
  })
  it("the same of an answer: its candidates have the offer's number", () => {
    const found = after(situations.calleeAnswers, { ...inputs.engineTrickled, ufrag: "ours9" })
    const answered = after(found.state, { ...inputs.engineAnswered, sdp: sdpOf("ours9") })
    expect(answered.commands.slice(0, 2)).toMatchObject([{ _tag: "SendAnswer", negotiation: 4 }, { _tag: "SendCandidates", negotiation: 4, candidates: [candidate(2)] }])
  })
  it("while an offer is made, candidates of the credentials that hold go out at once, with their round", () => {
    expect(sent(after(situations.callerCreating, inputs.engineTrickled).commands)).toEqual([[2, candidate(2)]])
  })
  it("an engine that does not tell credentials has one set of them: its candidates go out", () => {
    expect(sent(after(situations.callerStable, { ...inputs.engineTrickled, ufrag: "" }).commands)).toEqual([[2, candidate(2)]])
  })
  it("candidates of a withdrawn offer are not sent, and those of before it are again", () => {
    const { a, b } = connectedMachines()
    restart(a, a, b)
    const before = b.call.ufrag
    b.does(inputs.userRestartsIce)
    b.engineDoes()
    const withdrawn = b.call.ufrag
    a.does(inputs.userSharesScreen)
    a.engineDoes()
    b.hears(a)
    const from = b.said.length
    b.finds(withdrawn)
    expect(b.said.slice(from)).toEqual([])
    b.finds(before)
    expect(b.said.slice(from)).toEqual(["ice_candidate call-of-a.1 2"])
  })
  it("a withdrawn offer's candidates would be taken for its answer's: the other end knows them as stale", () => {
    const { a, b } = connectedMachines()
    for (const end of [a, b]) {
      end.does(inputs.userRestartsIce)
      end.engineDoes()
    }
    const withdrawn = b.finds()
    settle(a, b)
    agree(a, b)
    expect(a.added).not.toContain(withdrawn)
  })
})

describe("SIG-21 (R8): a candidate that is ahead of its description", () => {
  it.each(["callerStable", "calleeStable", "callerCreating", "calleeOut", "callerApplies"] satisfies ReadonlyArray<Situation>)("is held: %s", (situation) => {
    const held = after(situations[situation], inputIn(situation, "peerTricklesAhead"))
    expect(held.commands).toEqual([])
    expect(held.state).toMatchObject({ early: [{ candidate: candidate(9) }] })
  })
  it("goes to the engine after its offer, in order, with no other", () => {
    let state: CallState = situations.calleeStable
    for (const [round, n] of [[4, 11], [6, 12], [4, 13]] as const) state = after(state, trickles(round, n)).state
    const answering = after(state, inputs.peerOffersRestart)
    expect(answering.commands.map(({ _tag }) => _tag)).toEqual(["CreateAnswer", "AddCandidates"])
    expect(answering.commands[1]).toMatchObject({ candidates: [candidate(11), candidate(13)] })
    expect(answering.state).toMatchObject({ early: [{ negotiation: 6 }] })
  })
  it("goes to the engine after its answer", () => {
    const held = after(situations.callerOut, trickles(4))
    const applying = after(held.state, inputIn("callerOut", "peerAnswersRound"))
    expect(applying.commands.map(({ _tag }) => _tag)).toEqual(["StopTimer", "ApplyAnswer", "AddCandidates"])
  })
  it("goes to the engine when the offer that waited for its turn is answered", () => {
    const held = after(situations.rollingBack, trickles(4))
    const answering = after(held.state, inputs.engineRolledBack)
    expect(answering.commands.map(({ _tag }) => _tag)).toEqual(["CreateAnswer", "AddCandidates"])
  })
  it("of an offer that ours goes before is not held: that offer will be taken back", () => {
    const overlooked = after(situations.callerOut, inputIn("callerOut", "peerOffersRound"))
    expect(step(overlooked.state, inputIn("callerOut", "peerTricklesAhead"))._tag).toBe("Ignored")
    // Of an offer that waits for its turn it is.
    const queued = after(situations.callerCreating, inputIn("callerCreating", "peerOffersRound"))
    expect(step(queued.state, inputIn("callerCreating", "peerTricklesAhead"))._tag).toBe("Moved")
  })
  it("goes to the engine after the offer that came while the first answer was applied", () => {
    const restart: CallInput = { ...inputs.peerOffersRestart, negotiation: 1 }
    const held = after(after(situations.applying, restart).state, trickles(1))
    expect(held.commands).toEqual([])
    const answering = after(held.state, inputs.engineApplied)
    expect(answering.commands.slice(-2)).toMatchObject([{ _tag: "CreateAnswer", offer: sdpOf("theirs3") }, { _tag: "AddCandidates", candidates: [candidate(9)] }])
    expect(answering.state).toMatchObject({ negotiation: { _tag: "Answering" }, remote: { negotiation: 1, described: 1, offered: 1 }, early: [] })
  })
  it("64 of a round to come do not keep the first round's from the engine, while its answer is applied", () => {
    let state: CallState = situations.applying
    for (let n = 0; n < 64; n++) state = after(state, trickles(1, n)).state
    expect(step(state, trickles(1, 64))).toMatchObject({ _tag: "Ignored", why: expect.stringContaining("64") })
    expect(after(state, trickles(0, 65)).commands).toEqual([{ _tag: "AddCandidates", candidates: [candidate(65)] }])
  })
  it("is forgotten when a later description comes", () => {
    const held = after(situations.calleeStable, trickles(4))
    expect(after(held.state, inputs.peerOffersLater).state).toMatchObject({ early: [] })
  })
  it("is held at most 64 times, and those that are not ahead are taken all the while", () => {
    for (const situation of ["callerStable", "calleeStable"] as const) {
      let state: CallState = situations[situation]
      for (let n = 0; n < 64; n++) state = after(state, inputIn(situation, "peerTricklesAhead")).state
      expect(step(state, inputIn(situation, "peerTricklesAhead"))).toMatchObject({ _tag: "Ignored", why: expect.stringContaining("64") })
      expect(step(state, inputs.peerTricklesCurrent)._tag).toBe("Moved")
    }
  })
})

describe("SIG-23 (R8): who restarts ICE", () => {
  it("both ends would restart at once, systematically: a caller waits for the grace, a callee for its own, which is longer", () => {
    const timers = (state: CallState) => after(state, inputs.engineInterrupted).commands.flatMap((command) => (command._tag === "StartTimer" ? [command.timer] : []))
    expect(timers(situations.callerStable)).toEqual(["reconnect", "callerGrace"])
    expect(timers(situations.calleeStable)).toEqual(["reconnect", "calleeGrace"])
  })
  it.each([["callerGrace", inputs.callerGraceFires], ["calleeGrace", inputs.calleeGraceFires]] as const)("the grace is over: ICE is restarted, once (%s)", (situation, fires) => {
    const restarting = after(situations[situation], fires)
    expect(restarting.commands).toMatchObject([{ _tag: "CreateOffer", iceRestart: true }])
    expect(step(restarting.state, fires)._tag).toBe("Ignored")
    expect(step(restarting.state, inputs.userRestartsIce)._tag).toBe("Ignored")
  })
  it("the other end restarts it meanwhile: there is no need to wait, nor to do it again", () => {
    const { a, b } = connectedMachines()
    for (const end of [a, b]) end.does(inputs.engineInterrupted)
    a.does({ _tag: "TimerFired", timer: "callerGrace", token: a.state._tag === "Connected" && a.state.media._tag === "Interrupted" ? a.state.media.grace ?? -1 : -1 })
    settle(a, b)
    agree(a, b)
    expect(b.state).toMatchObject({ media: { _tag: "Interrupted" } })
    expect(b.state).not.toHaveProperty("media.grace")
    expect(b.said.filter((what) => what.startsWith("offer"))).toEqual([])
    expect(b.call.commands).toContainEqual({ _tag: "StopTimer", timer: "calleeGrace" })
  })
  it("both restart at once all the same: one restart goes through, and neither is done twice", () => {
    const { a, b } = connectedMachines()
    for (const end of [a, b]) {
      end.does(inputs.userRestartsIce)
      end.engineDoes()
    }
    settle(a, b)
    agree(a, b)
    const restarts = [...a.call.commands, ...b.call.commands].filter((command) => command._tag === "CreateOffer" && command.iceRestart)
    expect(restarts).toHaveLength(2)
    expect(a.state).toMatchObject({ remote: { negotiation: 2 } })
  })
  it("media come back in the grace: nothing is restarted", () => {
    const back = after(situations.callerGrace, inputs.engineUp)
    expect(back.commands.map((command) => ("timer" in command ? command.timer : command._tag))).toEqual(["reconnect", "callerGrace", "Emit"])
    expect(step(back.state, inputs.callerGraceFires)._tag).toBe("Ignored")
  })
  it("media come back while a restart is wanted: it is wanted no more", () => {
    const wanted = after(situations.callerOut, inputs.engineLost)
    expect(wanted.state).toMatchObject({ call: { wants: { restart: true } } })
    expect(after(wanted.state, inputs.engineUp).state).toMatchObject({ call: { wants: { restart: false } } })
  })
  it("ICE gives up: a caller does not wait for the grace, a callee leaves it to the caller", () => {
    expect(after(situations.callerStable, inputs.engineLost).commands.at(-1)).toMatchObject({ _tag: "CreateOffer", iceRestart: true })
    expect(after(situations.callerGrace, inputs.engineLost).commands).toMatchObject([{ _tag: "StopTimer", timer: "callerGrace" }, { _tag: "CreateOffer", iceRestart: true }])
    expect(after(situations.calleeStable, inputs.engineLost).commands.map(({ _tag }) => _tag)).not.toContain("CreateOffer")
  })
  it("an engine that cannot restart it, or a peer that does not take part, ends the call with ice_failed", () => {
    for (const situation of ["unable", "plain", "plainConnecting"] as const) {
      expect(after(situations[situation], inputs.engineLost).state).toMatchObject({ by: "local", reason: "ice_failed" })
    }
  })
  it("a restart does not make an interruption longer: reconnect goes on, and ends the call", () => {
    const restarting = after(situations.callerGrace, inputs.callerGraceFires)
    expect(after(restarting.state, inputs.reconnectFires).state).toMatchObject({ reason: "ice_failed" })
  })
})
