/** How one end of a call moves to a second call that replaces the first: the rules SIG-29 to SIG-33, cell by cell. */
import { describe, expect, it } from "vitest"
import { isKnownToPeer, notReplacing, type OpenCall, type ReplaceAction, type ReplaceInput, replaceStep, type Replacing, route } from "../../src/call/index.ts"
import { type Situation, situations } from "./situations.ts"

const known = { id: "next", isKnown: true }
/** What is done after these inputs, in order, and what is remembered. */
const after = (inputs: ReadonlyArray<ReplaceInput>, next: typeof known | undefined = known): readonly [Replacing, ReadonlyArray<ReplaceAction>] => {
  let state = notReplacing
  const all: Array<ReplaceAction> = []
  for (const input of inputs) {
    const [moved, actions] = replaceStep(state, input, input._tag === "PeerUp" && state.next === undefined ? undefined : next)
    state = moved
    all.push(...actions)
  }
  return [state, all]
}
const begun = { _tag: "Begun" } as const
const up = { _tag: "NextUp" } as const
const peerUp = { _tag: "PeerUp", by: "next" } as const
const nextOver = { _tag: "NextOver" } as const
const currentOver = { _tag: "CurrentOver" } as const

describe("SIG-31: an end tells the peer that it is up, and goes on when both are", () => {
  it("in either order", () => {
    expect(after([begun, up, peerUp])).toEqual([notReplacing, ["TellPeer", "Move"]])
    expect(after([begun, peerUp, up])).toEqual([notReplacing, ["TellPeer", "Move"]])
  })
  it("and not before", () => {
    expect(after([begun, up])).toEqual([{ next: { isUp: true, isPeerUp: false } }, ["TellPeer"]])
    expect(after([begun, peerUp])).toEqual([{ next: { isUp: false, isPeerUp: true } }, []])
  })
})

describe("SIG-32: when the next call ends before both are up", () => {
  it.each([[[begun]], [[begun, peerUp]]])("an end that was never up is back, and the peer's word means nothing: %j", (inputs) => {
    expect(after([...inputs, nextOver])).toEqual([notReplacing, []])
    expect(after([...inputs, nextOver, peerUp])).toEqual([notReplacing, []])
  })
  it("an end that was up is back, and over when it hears that the peer was, too", () => {
    expect(after([begun, up, nextOver])).toEqual([{ told: "next" }, ["TellPeer"]])
    expect(after([begun, up, nextOver, peerUp])[1]).toEqual(["TellPeer", "EndCurrent"])
  })
  it("a word of another move is not taken for one of this", () => {
    expect(after([begun, up, { _tag: "PeerUp", by: "other" }])[1]).toEqual(["TellPeer"])
    expect(replaceStep({ told: "before", next: { isUp: false, isPeerUp: false } }, { _tag: "PeerUp", by: "before" }, known)[1]).toEqual(["EndCurrent"])
  })
  it("what it said of an earlier one is remembered as long as nothing comes of a later one", () => {
    expect(after([begun, up, nextOver, begun, nextOver])[0]).toEqual({ told: "next" })
  })
})

describe("SIG-33: when the call that is on ends by itself", () => {
  it("the next one goes on if both know of it, and else ends with it", () => {
    expect(after([begun, currentOver])).toEqual([notReplacing, ["Carry"]])
    expect(after([begun, up, currentOver])).toEqual([notReplacing, ["TellPeer", "Carry"]])
    expect(after([begun, currentOver], { id: "next", isKnown: false })).toEqual([notReplacing, ["EndNext"]])
  })
  it("and none is on its way, nothing is to be done", () => {
    expect(replaceStep(notReplacing, currentOver)).toEqual([notReplacing, []])
  })
  it("a call is known to both from its second description on", () => {
    const isKnown = (Object.keys(situations) as ReadonlyArray<Situation>).filter((one) => isKnownToPeer(situations[one]))
    for (const one of isKnown) expect(["IncomingOffer", "WaitingAnswer", "Connected"]).toContain(situations[one]._tag)
    for (const one of ["creating", "waiting"] as const) expect(isKnown).not.toContain(one)
    expect(isKnown).toContain("callerStable")
  })
})

describe("SIG-29, SIG-30: an offer that replaces a call", () => {
  const on: OpenCall = { id: "c1", state: situations.callerStable }
  const line = "call" in on.state ? on.state.call.line ?? "" : ""
  const offer = { type: "offer", callId: "c2", replaces: "c1", line } as const
  const way = (message: Parameters<typeof route>[0], ...calls: ReadonlyArray<OpenCall>) => route(message, calls, () => false)

  it("is for the call that is connected with its line", () => {
    expect(line).not.toBe("")
    expect(way(offer, on)).toEqual({ _tag: "Replaces", id: "c1" })
  })
  it("is for the call whose answer, from its line, is being applied: that line is connected already", () => {
    const applying: OpenCall = { id: "c1", state: situations.applying }
    expect("call" in applying.state && applying.state.call.line).toBe(line)
    expect(way(offer, applying)).toEqual({ _tag: "Replaces", id: "c1" })
    expect(way({ ...offer, line: "other" }, applying)).toEqual({ _tag: "ReplacesNone" })
  })
  it("is for none, whatever else it might be: of another line, of no line, of a call that is not connected, or moves already", () => {
    const none = { _tag: "ReplacesNone" }
    expect(way(offer)).toEqual(none)
    expect(way({ ...offer, line: "other" }, on)).toEqual(none)
    expect(way({ type: "offer", callId: "c2", replaces: "c1" }, on)).toEqual(none)
    expect(way(offer, { ...on, state: situations.waiting })).toEqual(none)
    expect(way(offer, on, { id: "c3", replaces: "c1", state: situations.callerStable })).toEqual(none)
    // And it does not meet a call of ours that replaces none.
    expect(way({ ...offer, replaces: "c9" }, { id: "c3", state: situations.waiting })).toEqual(none)
  })
  it("meets ours that replaces the same call, and an offer that replaces none does not", () => {
    const ours: OpenCall = { id: "c3", replaces: "c1", state: situations.waiting }
    expect(way(offer, on, ours)).toEqual({ _tag: "Collides", id: "c3" })
    expect(way({ type: "offer", callId: "c2", line }, on, ours)).toEqual({ _tag: "Rings" })
  })
})
