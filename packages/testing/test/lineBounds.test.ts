import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { MemoryRelay } from "../src/index.ts"
import { type End, lastRang, offer, sentFrom, stranger, withStranger } from "./line.ts"
import { theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

/** Fills a line with 64 calls that ring: four of each of 16 peers. */
const fill = (end: End, relay: MemoryRelay) =>
  Effect.gen(function*() {
    for (let peer = 0; peer < 16; peer++) {
      const far = yield* stranger(relay, `peer${peer}`)
      for (let n = 0; n < 4; n++) yield* far.send("ann", offer(`${peer}-${n}`))
    }
    expect(end.rang).toHaveLength(64)
  })

it.effect("SIG-16: a line holds 64 calls; one more is answered busy, and rings nobody", () =>
  Effect.gen(function*() {
    const { end, eve, relay } = yield* withStranger
    yield* fill(end, relay)
    expect(sentFrom(relay, "ann")).toEqual([])
    yield* eve.send("ann", offer("c64"))
    expect(end.rang).toHaveLength(64)
    expect(end.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Refused", error: { _tag: "WebRtcError", operation: "receive offer", reason: { _tag: "TooMany", what: "calls", limit: 64 } } })
    expect(sentFrom(relay, "ann")).toEqual([{ type: "hangup", reason: "busy", from: end.line.from, call_id: "c64" }])
    yield* lastRang(end).decline()
    yield* eve.send("ann", offer("c65"))
    expect(end.rang).toHaveLength(65)
  }))

it.effect("SIG-16: a line that holds 64 calls makes no other, until one ends", () =>
  Effect.gen(function*() {
    const { end, relay } = yield* withStranger
    yield* fill(end, relay)
    expect(yield* Effect.flip(end.line.call("eve"))).toMatchObject({ _tag: "WebRtcError", operation: "call", reason: { _tag: "TooMany", what: "calls", limit: 64 } })
    expect(end.mock.peers).toEqual([])
    yield* lastRang(end).decline()
    yield* end.line.call("eve")
    yield* settle
    expect(end.mock.peers).toHaveLength(1)
  }))

it.effect("SIG-12: offers of later rounds, of calls that nobody knows, ring for nobody, take no place of a call, and stop none", () =>
  Effect.gen(function*() {
    const { end, eve, relay } = yield* withStranger
    const calling = yield* end.line.call("eve")
    yield* settle
    const said = sentFrom(relay, "ann").length
    for (let n = 0; n < 70; n++) {
      // Of a device, and of one without a name, which sorts below any call of ours.
      yield* eve.send("ann", n % 2 === 0 ? { ...offer(`c${n}`), negotiation: 1 + n } : { type: "offer", sdp: theirOffer, call_id: `!${n}`, negotiation: 1 + n })
      expect(end.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale", why: expect.stringContaining("not known") })
    }
    expect(end.rang).toEqual([])
    expect((yield* calling.state)._tag).toBe("WaitingAnswer")
    expect(sentFrom(relay, "ann")).toHaveLength(said)
    for (let n = 0; n < 63; n++) yield* end.line.call("bob")
    expect(yield* Effect.flip(end.line.call("bob"))).toMatchObject({ reason: { _tag: "TooMany", limit: 64 } })
  }))

describe("of one peer (SIG-16)", () => {
  it.effect("four calls ring; the fifth is answered busy, while another peer's rings", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      const bob = yield* stranger(relay, "bob")
      for (let n = 0; n < 5; n++) yield* eve.send("ann", offer(`c${n}`))
      expect(end.rang.map(({ id }) => id)).toEqual(["c0", "c1", "c2", "c3"])
      expect(end.receipts.at(-1)).toMatchObject({
        peer: "eve",
        callId: "c4",
        receipt: { _tag: "Refused", error: { _tag: "WebRtcError", reason: { _tag: "TooMany", what: "ringing calls of one peer", limit: 4 } } }
      })
      expect(relay.log.filter(({ from }) => from === "ann").map(({ to }) => to)).toEqual(["eve"])
      expect(sentFrom(relay, "ann")).toEqual([{ type: "hangup", reason: "busy", from: end.line.from, call_id: "c4" }])
      yield* bob.send("ann", offer("b0"))
      expect(lastRang(end).id).toBe("b0")
    }))
  it.effect.each(["accept", "decline"] as const)("one more rings after an %s of one of four", (what) =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      for (let n = 0; n < 4; n++) yield* eve.send("ann", offer(`c${n}`))
      yield* lastRang(end)[what]()
      yield* settle
      yield* eve.send("ann", offer("c4"))
      expect(end.rang).toHaveLength(5)
      yield* eve.send("ann", offer("c5"))
      expect(end.rang).toHaveLength(5)
    }))
})
