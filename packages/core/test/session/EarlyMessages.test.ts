import { describe, expect, it } from "vitest"
import { makeEarlyMessages } from "../../src/session/EarlyMessages.ts"
import type { IceCandidateMessage } from "../../src/signaling/index.ts"

const message = (n: number, callId?: string): IceCandidateMessage => ({
  type: "ice_candidate",
  candidate: `candidate:${n} 1 udp 1 192.0.2.1 ${n} typ host`,
  ...(callId === undefined ? {} : { call_id: callId })
})

describe("candidates that came before their offer", () => {
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
    expect(early.take("bob", "c1").map(({ candidate }) => candidate)).toEqual(Array.from({ length: 64 }, (_, n) => message(n).candidate))
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
