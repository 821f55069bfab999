import { describe, expect, it } from "vitest"
import { makeEarlyMessages } from "../../src/session/EarlyMessages.ts"
import type { HangupMessage, IceCandidateMessage } from "../../src/signaling/index.ts"

const message = (n: number, callId?: string): IceCandidateMessage => ({
  type: "ice_candidate",
  candidate: `candidate:${n} 1 udp 1 192.0.2.1 ${n} typ host`,
  ...(callId === undefined ? {} : { call_id: callId })
})

describe("candidates that came before their offer (SIG-28)", () => {
  it("are given once, in the order of arrival", () => {
    const early = makeEarlyMessages(() => 0)
    for (const n of [3, 1, 2]) early.keep("bob", message(n, "c1"))
    expect(early.take("bob", "c1")).toEqual([message(3, "c1"), message(1, "c1"), message(2, "c1")])
    expect(early.take("bob", "c1")).toEqual([])
  })
  it("are given for their own call and their own peer only", () => {
    const early = makeEarlyMessages(() => 0)
    early.keep("bob", message(1, "c1"))
    early.keep("bob", message(2))
    early.keep("eve", message(3, "c1"))
    expect(early.take("bob", "c2")).toEqual([])
    expect(early.take("bob", undefined)).toEqual([message(2)])
    expect(early.take("bob", "c1")).toEqual([message(1, "c1")])
    expect(early.take("eve", "c1")).toEqual([message(3, "c1")])
  })
  it("are told apart however peers and calls are named", () => {
    const early = makeEarlyMessages(() => 0)
    early.keep("a\",\"b", message(1, "c"))
    expect(early.take("a", "b\",\"c")).toEqual([])
  })
  it("are kept up to 64 for a call", () => {
    const early = makeEarlyMessages(() => 0)
    for (let n = 0; n < 100; n++) early.keep("bob", message(n, "c1"))
    expect(early.take("bob", "c1").map((kept) => "candidate" in kept && kept.candidate)).toEqual(Array.from({ length: 64 }, (_, n) => message(n).candidate))
  })
  it("are said to be kept, or not, when there is no more room", () => {
    const early = makeEarlyMessages(() => 0)
    const told = Array.from({ length: 70 }, (_, n) => early.keep("bob", message(n, "c1")))
    expect(told).toEqual(told.map((_, n) => n < 64))
  })
  it("are kept for 16 calls; the oldest call goes first", () => {
    const early = makeEarlyMessages(() => 0)
    // Two calls of each of eight peers, and one more.
    for (let n = 0; n < 17; n++) early.keep(`peer${n >> 1}`, message(n, `c${n}`))
    expect(early.take("peer0", "c0")).toEqual([])
    for (let n = 1; n < 17; n++) expect(early.take(`peer${n >> 1}`, `c${n}`)).toHaveLength(1)
  })
  it("are kept for two calls of one peer; its oldest goes first, whoever else's is older", () => {
    const early = makeEarlyMessages(() => 0)
    early.keep("bob", message(0, "b0"))
    for (let n = 0; n < 100; n++) early.keep("eve", message(n, `c${n}`))
    expect(early.take("bob", "b0")).toEqual([message(0, "b0")])
    for (let n = 0; n < 98; n++) expect(early.take("eve", `c${n}`)).toEqual([])
    for (const n of [98, 99]) expect(early.take("eve", `c${n}`)).toEqual([message(n, `c${n}`)])
  })
  it("of a call that is kept push no other out", () => {
    const early = makeEarlyMessages(() => 0)
    for (const callId of ["c1", "c2", "c1", "c2", "c1"]) early.keep("bob", message(1, callId))
    expect([early.take("bob", "c1").length, early.take("bob", "c2").length]).toEqual([3, 2])
  })
  it("that name no call count as one call of their peer", () => {
    const early = makeEarlyMessages(() => 0)
    for (const callId of [undefined, "c1", "c2"]) early.keep("bob", message(1, callId))
    expect(early.take("bob", undefined)).toEqual([])
    expect([early.take("bob", "c1").length, early.take("bob", "c2").length]).toEqual([1, 1])
  })
  it("are kept for ten seconds, from the first of the call on", () => {
    let nowMs = 1_000
    const early = makeEarlyMessages(() => nowMs)
    early.keep("bob", message(1, "c1"))
    nowMs += 10_000
    expect(early.take("bob", "c1")).toHaveLength(1)
    early.keep("bob", message(1, "c2"))
    nowMs += 6_000
    early.keep("bob", message(2, "c2"))
    nowMs += 4_001
    expect(early.take("bob", "c2")).toEqual([])
  })
})

describe("hangups that came before their offer (R9, SIG-28)", () => {
  const hangup = (callId?: string): HangupMessage => ({ type: "hangup", reason: "normal", ...(callId === undefined ? {} : { call_id: callId }) })
  const atTime = (startMs = 1_000_000) => {
    const clock = { nowMs: startMs }
    return { clock, early: makeEarlyMessages(() => clock.nowMs) }
  }

  it("are given among the candidates, in the order of arrival", () => {
    const { early } = atTime()
    early.keep("bob", message(1, "c1"))
    early.keep("bob", hangup("c1"))
    early.keep("bob", message(2, "c1"))
    expect(early.take("bob", "c1")).toEqual([message(1, "c1"), hangup("c1"), message(2, "c1")])
  })
  it("that name their call are kept as long as candidates, whenever another call has ended", () => {
    const { clock, early } = atTime()
    early.callEnded("bob")
    early.keep("bob", hangup("c1"))
    clock.nowMs += 10_000
    expect(early.take("bob", "c1")).toEqual([hangup("c1")])
    early.keep("bob", hangup("c2"))
    clock.nowMs += 10_001
    expect(early.take("bob", "c2")).toEqual([])
  })
  it.each([[0, 1], [2_000, 1], [2_001, 0], [9_000, 0]])("that name no call are, after %i ms, %i", (afterMs, left) => {
    const { clock, early } = atTime()
    early.keep("bob", hangup())
    early.keep("bob", message(1))
    clock.nowMs += afterMs
    // A candidate beside it stays for its own time.
    expect(early.take("bob", undefined)).toEqual([...(left === 1 ? [hangup()] : []), message(1)])
  })
  it.each([[0, 0], [4_999, 0], [5_000, 1]])("that name no call are, %i ms after a call with that peer, %i: they are that call's", (afterMs, left) => {
    const { clock, early } = atTime()
    early.callEnded("bob")
    clock.nowMs += afterMs
    early.keep("bob", hangup())
    early.keep("eve", hangup())
    expect(early.take("bob", undefined)).toHaveLength(left)
    expect(early.take("eve", undefined)).toHaveLength(1)
  })
  it("count from the end of the last call, and candidates without a name are kept all the same", () => {
    const { clock, early } = atTime()
    early.callEnded("bob")
    clock.nowMs += 4_000
    early.callEnded("bob")
    clock.nowMs += 4_000
    early.keep("bob", hangup())
    early.keep("bob", message(1))
    expect(early.take("bob", undefined)).toEqual([message(1)])
  })
  it("remember the ends of 64 peers' calls, the newest", () => {
    const { early } = atTime()
    early.callEnded("peer0")
    early.callEnded("peer1")
    // Again: it is not the oldest any more.
    early.callEnded("peer0")
    for (let n = 2; n <= 64; n++) early.callEnded(`peer${n}`)
    for (const [peer, left] of [["peer1", 1], ["peer0", 0], ["peer2", 0], ["peer64", 0]] as const) {
      early.keep(peer, hangup())
      expect(early.take(peer, undefined), peer).toHaveLength(left)
    }
  })
  it("share the bounds of candidates: 64 of a call, two calls of a peer, 16 in all", () => {
    const { early } = atTime()
    for (let n = 0; n < 100; n++) early.keep("bob", hangup("c1"))
    expect(early.take("bob", "c1")).toHaveLength(64)
    for (let n = 0; n < 50; n++) early.keep("eve", hangup(`c${n}`))
    expect(Array.from({ length: 50 }, (_, n) => early.take("eve", `c${n}`).length).filter((length) => length > 0)).toEqual([1, 1])
    for (let n = 0; n < 17; n++) early.keep(`peer${n}`, hangup("c"))
    expect(Array.from({ length: 17 }, (_, n) => early.take(`peer${n}`, "c").length)).toEqual([0, ...Array.from({ length: 16 }, () => 1)])
  })
})

describe("an offer that names no call is known by its peer and its origin (SIG-28)", () => {
  const atTime = (startMs = 1_000_000) => {
    const clock = { nowMs: startMs }
    return { clock, early: makeEarlyMessages(() => clock.nowMs) }
  }

  it("for as long as the clock of a new line, which may begin at 0, has run", () => {
    const { early } = atTime(0)
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(false)
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(true)
  })
  it("and neither by another peer's nor by another origin, however they are named", () => {
    const { early } = atTime()
    for (const [peer, origin] of [["bob", "1 0"], ["bob", "1 1"], ["eve", "1 0"], ["bob 1", "0"], ["", "bob 1 0"], ["bob\",\"1", "0"]] as const) {
      expect(early.isRepeatedOffer(peer, origin), `${peer} ${origin}`).toBe(false)
    }
  })
  it.each([[0, true], [59_999, true], [60_000, false], [3_600_000, false]])("%i ms after it first came: %s", (afterMs, isRepeated) => {
    const { clock, early } = atTime()
    early.isRepeatedOffer("bob", "1 0")
    clock.nowMs += afterMs
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(isRepeated)
    // Known it is from now on in any case.
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(true)
  })
  it("from the first time on: repeats do not make it known for longer, and then it counts anew", () => {
    const { clock, early } = atTime()
    early.isRepeatedOffer("bob", "1 0")
    for (let n = 0; n < 5; n++) {
      clock.nowMs += 10_000
      expect(early.isRepeatedOffer("bob", "1 0")).toBe(true)
    }
    clock.nowMs += 10_000
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(false)
    clock.nowMs += 59_999
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(true)
  })
  it("among the 64 that came last; one that is repeated does not become newer, and one that has come anew does", () => {
    const { clock, early } = atTime()
    for (let n = 0; n < 64; n++) early.isRepeatedOffer("bob", `${n}`)
    expect(early.isRepeatedOffer("bob", "0")).toBe(true)
    early.isRepeatedOffer("bob", "64")
    expect(Array.from({ length: 64 }, (_, n) => early.isRepeatedOffer("bob", `${n + 1}`))).toEqual(Array.from({ length: 64 }, () => true))
    expect(early.isRepeatedOffer("bob", "0")).toBe(false)
    // Now 2 to 64 and 0 are known.
    clock.nowMs += 60_000
    expect(early.isRepeatedOffer("bob", "2")).toBe(false)
    early.isRepeatedOffer("bob", "65")
    expect(early.isRepeatedOffer("bob", "2")).toBe(true)
  })
  it("whatever is kept of calls, and whichever have ended", () => {
    const { early } = atTime()
    early.isRepeatedOffer("bob", "1 0")
    early.keep("bob", message(1))
    early.take("bob", undefined)
    early.callEnded("bob")
    expect(early.isRepeatedOffer("bob", "1 0")).toBe(true)
  })
})
