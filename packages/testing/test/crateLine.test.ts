import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { sectionsIn } from "../src/index.ts"
import { lastRang, sentFrom, withStranger } from "./line.ts"
import { hostLine, iceCandidate, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

describe("a peer without delivery fields, as the crate,", () => {
  const crate = { offer: { type: "offer", sdp: theirOffer }, answer: { type: "answer", sdp: theirAnswer }, hangup: { type: "hangup", reason: "normal" } }

  it.effect("calls, trickles, and hangs up, and is never sent an empty candidate", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      yield* eve.send("ann", crate.offer)
      yield* eve.send("ann", iceCandidate(1))
      const call = lastRang(end)
      yield* call.accept()
      yield* settle
      yield* eve.send("ann", iceCandidate(2))
      expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
      end.mock.peer.trickle("", "1")
      yield* settle
      expect(end.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toEqual([1, 2].map(hostLine))
      const sent = sentFrom(relay, "ann")
      expect(typesOf(sent)).toEqual(["answer", "ice_candidate"])
      expect(sent.every((message) => message.type !== "ice_candidate" || message.candidate !== "")).toBe(true)
      yield* eve.send("ann", crate.hangup)
      expect(yield* call.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
    }))
  it.effect("is called, answers without naming the call, and is never sent an empty candidate", () =>
    Effect.gen(function*() {
      const { end, eve, relay } = yield* withStranger
      const call = yield* end.line.call("eve")
      yield* settle
      yield* eve.send("ann", iceCandidate(1))
      yield* eve.send("ann", crate.answer)
      yield* settle
      expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
      expect(end.mock.peer.candidatesAdded).toHaveLength(1)
      expect(sectionsIn(end.mock.peer.remoteDescription ?? "")).toHaveLength(2)
      end.mock.peer.trickle("", "1")
      yield* settle
      yield* call.hangup()
      yield* settle
      const sent = sentFrom(relay, "ann")
      // Its first message shows that it has the offer; what overtook that offer is lost, and said once more (R9).
      expect(typesOf(sent)).toEqual(["offer", "ice_candidate", "ice_candidate", "hangup"])
      expect(sent.every((message) => message.type !== "ice_candidate" || message.candidate !== "")).toBe(true)
    }))
  it.effect("whose candidates come first, and who calls again after a call, rings each time", () =>
    Effect.gen(function*() {
      const { end, eve } = yield* withStranger
      yield* eve.send("ann", iceCandidate(1))
      expect(end.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Held" })
      yield* eve.send("ann", crate.offer)
      yield* eve.send("ann", crate.hangup)
      yield* eve.send("ann", crate.offer)
      expect(end.rang).toHaveLength(2)
      const [first, second] = end.rang
      expect(first?.id).not.toBe(second?.id)
      yield* lastRang(end).accept()
      yield* settle
      expect(end.mock.peer.candidatesAdded).toEqual([])
    }))
})
