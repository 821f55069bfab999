/** Details that no other test needs: ties, first values, stale numbers, and the words of the drawn tables. */
import { describe, expect, it } from "vitest"
import { goesBefore } from "../../src/call/collision.ts"
import { type CallInput, type CallState, cellTables, idle, route, stateDiagram, step, type Table } from "../../src/call/index.ts"
import { markOffer } from "../../src/call/marks.ts"
import { originOf, ufragOf } from "../../src/call/readSdp.ts"
import { candidateOf, type IceCandidate, toMessage } from "../../src/signaling/iceCandidate.ts"
import { able, candidate, inputIn, inputs, intent, lines, offerOf, type Situation, sdpOf, situations } from "./situations.ts"

const after = (state: CallState, input: CallInput) => {
  const verdict = step(state, input)
  if (verdict._tag !== "Moved") throw new Error(`${state._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
  return verdict
}
const stateAfter = (state: CallState, ...input: ReadonlyArray<CallInput>): CallState =>
  input.reduce((before, one) => after(before, one).state, state)
const section = "m=audio 9 UDP/TLS/RTP/SAVPF 111"

describe("what is read of a description", () => {
  it("is its session id and its whole version, whoever made it", () => {
    expect(originOf(offerOf(41, 1234))).toBe("41 1234")
    expect(originOf("v=0\no=ann 41 12 IN IP4 192.0.2.1\n")).toBe("41 12")
  })
  it("is nothing where it is left out", () => {
    for (const sdp of ["", "v=0\r\ns=-\r\n", `v=0\r\n${section}\r\n`]) expect([originOf(sdp), ufragOf(sdp)]).toEqual(["", ""])
  })
})

describe("SIG-10: of two calls", () => {
  const { waiting } = situations
  const wins = (ours: string, theirs: string, change: { id?: string; callId?: string; line?: string; aware?: boolean } = {}): boolean => {
    const { id = "one", callId = "one", line = "", aware = true } = change
    const input = { _tag: "PeerOffered", sdp: markOffer(theirs, able), negotiation: 0, callId, line, aware } as const
    return goesBefore({ ...waiting, offer: ours, call: { ...waiting.call, own: lines.own, id } }, input)
  }
  it("between lines of the same name, the one with the lower id goes on", () => {
    const same = sdpOf("ours")
    expect(wins(same, same, { line: lines.own, id: "A", callId: "a" })).toBe(true)
    expect(wins(same, same, { line: lines.own, id: "a", callId: "A" })).toBe(false)
  })
  it("whose offers are equal in rank, ours is given up", () => {
    const [first, second] = [sdpOf("same", 50, 1), sdpOf("same", 50, 2)]
    expect(wins(first, second)).toBe(false)
    expect(wins(first, second, { aware: false })).toBe(false)
  })
  it("the one with the lower session id goes on, whatever name of a user stands before it", () => {
    const by = (user: string, session: number) => `v=0\r\no=${user} ${session} 1 IN IP4 127.0.0.1\r\n${section}\r\n`
    expect(wins(by("zoe", 9), by("ann", 10))).toBe(true)
    expect(wins(by("ann", 10), by("zoe", 9))).toBe(false)
  })
  it("the one whose engine leaves the session id out goes on", () => {
    const without = `v=0\r\n${section}\r\n`
    expect(wins(without, sdpOf("theirs", 1))).toBe(true)
    expect(wins(sdpOf("ours", 1), without)).toBe(false)
  })
  it("the one with the lower id goes on, where the user called without a line, whatever the peer's is called", () => {
    const out = stateAfter(idle(intent), { _tag: "UserCalled", callId: "call-1", media: {} }, { ...inputs.engineOffered, operation: 1 })
    expect(out).toMatchObject({ call: { own: "" } })
    for (const line of ["!", "a.1", "~"]) {
      expect(step(out, { ...inputs.peerCallsHigher, line }), line).toMatchObject({ _tag: "Ignored", why: "both call, and our call goes before" })
      expect(step(out, { ...inputs.peerCallsHigher, line, callId: "call-0" })._tag, line).toBe("Moved")
    }
  })
})

describe("an offer while we call", () => {
  const { applying, waiting } = situations
  const further = { ...inputs.peerOffersRound, negotiation: 3 }
  const unknown = { _tag: "Ignored", why: "it is of a call that is not known here" }

  it("with the origin of ours, and other credentials, is the peer's own, and no echo", () => {
    expect(after(waiting, { ...inputs.peerCallsPlainly, sdp: sdpOf("theirs") }).state).toMatchObject({ _tag: "IncomingOffer", offer: sdpOf("theirs") })
    expect(after(waiting, { ...inputs.peerEchoes, line: lines.lower, sdp: sdpOf("a") }).state).toMatchObject({ _tag: "IncomingOffer", offer: sdpOf("a") })
    expect(step(waiting, { ...inputs.peerCallsPlainly, sdp: sdpOf("ours") })).toMatchObject({ _tag: "Ignored", why: "our own offer came back" })
  })
  it("SIG-20: of the call waits until the answer is applied, if it is the callee's, and goes beyond what is known", () => {
    const queued = stateAfter(applying, further)
    expect(queued).toMatchObject({ phase: { queued: { negotiation: 3, sdp: further.sdp } } })
    expect(stateAfter(queued, { ...further, negotiation: 5 })).toMatchObject({ phase: { queued: { negotiation: 5 } } })
    for (const negotiation of [3, 1]) expect(step(queued, { ...further, sdp: sdpOf("theirs3"), negotiation }), `${negotiation}`).toMatchObject(unknown)
  })
  it("SIG-12: of another call does not wait for our answer to be applied, although its round goes beyond ours", () => {
    expect(step(applying, { ...further, callId: "call-2" })).toMatchObject(unknown)
  })
})

describe("a call begins", () => {
  it("with nothing heard", () => {
    expect(idle(intent)).toEqual(situations.idle)
  })
  it("for the one who is called with what its offer says, and nothing more", () => {
    const rings = after(idle(intent), inputs.peerOffers).state
    expect(rings).toEqual({
      ...situations.ringing,
      call: { ...situations.ringing.call, own: "", serial: 1 },
      phase: { _tag: "Ringing", timer: 1, early: [] }
    })
  })
  it("with media that were up before its answer, and are not any more", () => {
    expect(after(situations.applyingUp, inputs.engineInterrupted).state).toEqual(situations.applying)
    expect(after(situations.answeringUp, inputs.engineInterrupted).state).toEqual(situations.answering)
  })
  it("SIG-18: for the callee with an offer seen, the caller's first, and for the caller with none", () => {
    expect(after(situations.answering, inputs.engineAnswered).state).toMatchObject({ remote: { described: 0, offered: 0 } })
    expect(after(situations.applying, inputs.engineApplied).state).toMatchObject({ remote: { described: 0, offered: -1 } })
  })
  it("and ends by our doing, if it is declined, and if it is left before it rings", () => {
    expect(after(situations.ringing, inputs.userDeclines).state).toEqual({ _tag: "Ended", by: "local", reason: "declined" })
    expect(after(situations.idle, inputs.userHangsUp).state).toEqual({ _tag: "Ended", by: "local", reason: "normal" })
  })
})

describe("SIG-21: candidates of a round", () => {
  const roles = ["callerStable", "calleeStable"] as const satisfies ReadonlyArray<Situation>
  it.each(roles)("are none at its beginning, of what this end offers and of what it answers: %s", (situation) => {
    for (const input of ["engineNeedsRound", "peerOffersRound"] as const) {
      const { negotiation } = { negotiation: undefined, ...after(situations[situation], inputIn(situation, input)).state }
      expect(negotiation, input).toMatchObject({ operation: 8, found: [] })
    }
  })
  it("of ours, whose answer is on its way, are not stale for the peer's higher number that crossed it", () => {
    const crossed = stateAfter(situations.callerOut, inputIn("callerOut", "peerOffersRound"))
    const held = after(crossed, { ...inputs.peerTricklesFirst, negotiation: 4 })
    expect(held).toMatchObject({ state: { early: [{ negotiation: 4, candidate: candidate(9) }] }, commands: [] })
    expect(after(held.state, inputIn("callerOut", "peerAnswersRound")).commands).toContainEqual({ _tag: "AddCandidates", candidates: [candidate(9)] })
    // Those of the offer that crossed it, and that the peer takes back, are.
    expect(step(crossed, { ...inputs.peerTricklesFirst, negotiation: 5 })).toMatchObject({ _tag: "Ignored", why: "its round is past" })
  })
  it("go in a message with the section that they are for, by what is known of it, and with nothing else", () => {
    const all: ReadonlyArray<readonly [IceCandidate, object]> = [
      [{ candidate: "c" }, {}],
      [{ candidate: "c", sdpMid: "a" }, { sdp_mid: "a" }],
      [{ candidate: "c", sdpMLineIndex: 0 }, { sdp_mline_index: 0 }],
      [{ candidate: "c", sdpMid: "a", sdpMLineIndex: 1 }, { sdp_mid: "a", sdp_mline_index: 1 }]
    ]
    for (const [one, place] of all) {
      expect(toMessage(one)).toStrictEqual({ type: "ice_candidate", candidate: "c", ...place })
      expect(candidateOf(toMessage(one))).toStrictEqual(one)
    }
  })
})

describe("SIG-28: a message that names no call", () => {
  it("belongs to none that has ended: it rings, or goes to the one that is on", () => {
    expect(route({ type: "offer" }, [], () => true)).toEqual({ _tag: "Rings" })
    expect(route({ type: "ice_candidate" }, [{ id: "one", state: situations.plain }], () => true)).toEqual({ _tag: "ToCall", id: "one" })
  })
})

describe("what is drawn of a table", () => {
  const named = (name: string) => ({ name })
  // Only its shape is drawn.
  const table = {
    Idle: {
      UserCalled: [{ when: named("isBusy"), reject: "not now" }, { to: "Ringing", emit: [named("openPeer"), named("ring")] }],
      PeerTrickled: [{ when: named("isFull"), ignore: "too many" }, { to: "Idle" }],
      PeerOffered: [{ when: named("isRude"), to: "Ended" }, { to: "Ringing" }]
    },
    Ringing: { UserMuted: [{ when: named("canMute"), to: "Ringing", emit: [named("mute")] }, { to: "Ended" }] },
    Ended: { UserCalled: [{ ignore: "it is over" }] }
  } as unknown as Table

  it("as a diagram: one arrow from each state to each other, with its causes, and none where a call stays", () => {
    expect(stateDiagram(table).split("\n")).toEqual([
      "stateDiagram-v2",
      "  [*] --> Idle",
      "  Idle --> Ringing: UserCalled, PeerOffered",
      "  Idle --> Ended: PeerOffered",
      "  Ringing --> Ended: UserMuted",
      "  Ended --> [*]"
    ])
  })
  it("as tables: each state under its heading, each branch with its guard, where it leads, and what it asks for", () => {
    expect(cellTables(table).split("\n")).toEqual([
      "### Idle",
      "",
      "| input | verdict |",
      "|---|---|",
      "| `UserCalled` | *is busy*: **rejected**, not now<br>→ **Ringing** / open peer, ring |",
      "| `PeerTrickled` | *is full*: ignored, too many<br>stays |",
      "| `PeerOffered` | *is rude*: → **Ended**<br>→ **Ringing** |",
      "",
      "### Ringing",
      "",
      "| input | verdict |",
      "|---|---|",
      "| `UserMuted` | *can mute*: stays / mute<br>→ **Ended** |",
      "",
      "### Ended",
      "",
      "| input | verdict |",
      "|---|---|",
      "| `UserCalled` | ignored, it is over |"
    ])
  })
})
