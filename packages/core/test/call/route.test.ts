import { describe, expect, it } from "vitest"
import { type Addressed, type CallState, type OpenCall, route } from "../../src/call/index.ts"
import { type Situation, situations } from "./situations.ts"

const calls = (...list: ReadonlyArray<readonly [id: string, situation: Situation]>): ReadonlyArray<OpenCall> =>
  list.map(([id, situation]) => ({ id, state: situations[situation] }))
const types = ["offer", "answer", "ice_candidate", "hangup"] as const satisfies ReadonlyArray<Addressed["type"]>
const hasEnded = (callId: string) => callId === "over"
const way = (type: Addressed["type"], callId: string | undefined, open: ReadonlyArray<OpenCall> = []) =>
  route({ type, ...(callId === undefined ? {} : { callId }) }, open, hasEnded)

const open = (["creating", "waiting"] as const) satisfies ReadonlyArray<Situation>
const notOpen = (Object.keys(situations) as ReadonlyArray<Situation>).filter((situation) => situation !== "creating" && situation !== "waiting")

describe("SIG-12: a message that names a call", () => {
  it.each(types)("that is on goes to it, in whatever state it is, beside whatever other: %s", (type) => {
    for (const situation of Object.keys(situations) as ReadonlyArray<Situation>) {
      expect(way(type, "one", calls(["other", "waiting"], ["one", situation], ["last", "creating"])), situation).toEqual({ _tag: "ToCall", id: "one" })
    }
  })
  it.each(types)("that has ended is stale: it does not ring, collide, or wait: %s", (type) => {
    for (const others of [calls(), calls(["ours", "waiting"]), calls(["ours", "creating"])]) {
      expect(way(type, "over", others)).toMatchObject({ _tag: "Stale", why: expect.stringMatching(/ended/) })
    }
  })
  it("that is on is not taken for one that has ended", () => {
    expect(way("offer", "over", calls(["over", "callerStable"]))).toEqual({ _tag: "ToCall", id: "over" })
  })
  it("that is not known: an offer rings, a candidate and a hangup are early, an answer is stale", () => {
    for (const others of [calls(), calls(["ours", "callerStable"]), calls(["ours", "waiting"])]) {
      expect(way("ice_candidate", "new", others)).toEqual({ _tag: "Early" })
      expect(way("hangup", "new", others)).toEqual({ _tag: "Early" })
      expect(way("answer", "new", others)).toMatchObject({ _tag: "Stale", why: expect.stringMatching(/\w/) })
    }
    expect(way("offer", "new")).toEqual({ _tag: "Rings" })
  })
})

describe("SIG-10: an offer of a call that is not known", () => {
  it.each(open)("collides with a call of ours that no line has answered: %s", (situation) => {
    expect(way("offer", "new", calls(["ours", situation]))).toEqual({ _tag: "Collides", id: "ours" })
    expect(way("offer", undefined, calls(["ours", situation]))).toEqual({ _tag: "Collides", id: "ours" })
  })
  it("collides with the oldest of two", () => {
    expect(way("offer", "new", calls(["connected", "calleeStable"], ["first", "creating"], ["second", "waiting"]))).toEqual({ _tag: "Collides", id: "first" })
  })
  it.each(notOpen)("rings beside a call that it cannot meet: %s", (situation) => {
    expect(way("offer", "new", calls(["ours", situation]))).toEqual({ _tag: "Rings" })
  })
})

describe("SIG-28: a message that names no call", () => {
  it("means the call that is on", () => {
    for (const type of types) expect(way(type, undefined, calls(["one", "plain"]))).toEqual({ _tag: "ToCall", id: "one" })
  })
  it("means the last of several", () => {
    for (const type of types) expect(way(type, undefined, calls(["first", "calleeStable"], ["last", "plain"]))).toEqual({ _tag: "ToCall", id: "last" })
  })
  it("and offers, does not mean a call that we have just left: it calls again", () => {
    expect(way("offer", undefined, calls(["left", "ending"]))).toEqual({ _tag: "Rings" })
    for (const type of ["answer", "ice_candidate", "hangup"] as const) {
      expect(way(type, undefined, calls(["left", "ending"]))).toEqual({ _tag: "ToCall", id: "left" })
    }
  })
  it("means none where there is none: an offer rings, a candidate and a hangup are early, an answer is stale", () => {
    expect(types.map((type) => way(type, undefined)._tag)).toEqual(["Rings", "Stale", "Early", "Early"])
  })
})

describe("a way", () => {
  it("is found without changing what it is found by", () => {
    const list = Object.freeze(calls(["ours", "waiting"]).map((one) => Object.freeze(one)))
    const state: CallState = situations.waiting
    expect(way("offer", "new", list)).toEqual({ _tag: "Collides", id: "ours" })
    expect(list[0]?.state).toBe(state)
  })
})
