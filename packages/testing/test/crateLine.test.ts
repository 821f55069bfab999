import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { mockSdp, sectionsIn } from "../src/index.ts"
import { type EndOptions, lastRang, openEnd, sentFrom, withStranger } from "./line.ts"
import { hostLine, iceCandidate, tagsOf, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire, pass, tag } from "./wire.ts"

describe("a peer without delivery fields, as the crate (SIG-25),", () => {
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
      // Its answer shows that it has the offer; what overtook that offer is lost, and said once more (R9).
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
      yield* eve.send("ann", { ...crate.offer, sdp: mockSdp({ session: 77, sections: sectionsIn(theirOffer) }) })
      expect(end.rang).toHaveLength(2)
      const [first, second] = end.rang
      expect(first?.id).not.toBe(second?.id)
      yield* lastRang(end).accept()
      yield* settle
      expect(end.mock.peer.candidatesAdded).toEqual([])
    }))
})

const crate = { offer: { type: "offer", sdp: theirOffer }, answer: { type: "answer", sdp: theirAnswer }, hangup: { type: "hangup", reason: "normal" } } as const
/** Ann's line, and a peer whose every text the test writes as the crate would. */
const withCrate = (options: EndOptions = {}) =>
  Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann"), "phone", { candidates: 2, ...options })
    wire.join("eve")
    const send = (message: object) => wire.inject("ann", "eve", message)
    const sent = (type?: string) => wire.of("ann", type).map(({ message }) => message)
    return { wire, ann, send, sent }
  })
/** What the crate refuses, or would take for something else. */
const isForbidden = (message: { readonly type: string; readonly candidate?: string }) =>
  message.type === "ack" || (message.type === "ice_candidate" && message.candidate === "")

describe("R9 (SIG-26), both call, and the peer is a crate, which never yields:", () => {
  it.effect.each(["creating", "waiting"] as const)("its offer that comes while ours is %s is answered by the same session, and no hangup goes to it", (when) =>
    Effect.gen(function*() {
      const { ann, send, sent } = yield* withCrate(when === "creating" ? { latencyMs: 500 } : {})
      const call = yield* ann.line.call("eve")
      yield* settle
      expect(yield* tag(call)).toBe(when === "creating" ? "CreatingOffer" : "WaitingAnswer")
      yield* send(crate.offer)
      yield* send(iceCandidate(1))
      yield* pass(5_000)
      expect(yield* call.state).toMatchObject({ _tag: "Connected", call: { role: "callee" }, media: { _tag: "Up" } })
      expect(ann.rang).toEqual([])
      expect(ann.mock.peers.at(-1)?.candidatesAdded.map(({ candidate }) => candidate)).toEqual([hostLine(1)])
      // It names no calls, and would take a hangup for the end of its own.
      expect(typesOf(sent())).not.toContain("hangup")
      expect(typesOf(sent()).filter((type) => type === "answer")).toHaveLength(1)
      expect(sent().some(isForbidden)).toBe(false)
      // Our offer, which it has refused, is not said again.
      const said = sent().length
      yield* pass(60_000, 1_000)
      expect(sent()).toHaveLength(said)
      yield* send(crate.hangup)
      yield* pass(1_000)
      expect(yield* call.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
      // Now that its own call is over it may ring for the offer that we gave up: only now can it be told.
      expect(sent("hangup")).toMatchObject(when === "waiting" ? [{ reason: "withdrawn" }] : [])
      expect(tagsOf(yield* Stream.runCollect(call.events))).not.toContain("NegotiationFailed")
      expect(ann.mock.peers.map(({ timesClosed }) => timesClosed)).toEqual(ann.mock.peers.map(() => 1))
    }))
  it.effect.each(["creating", "waiting"] as const)("candidates that overtook its offer, while ours is %s, reach the engine that answers it, and no other (SIG-28)", (when) =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate(when === "creating" ? { latencyMs: 500 } : {})
      const call = yield* ann.line.call("eve")
      yield* settle
      for (const n of [1, 2]) yield* send(iceCandidate(n))
      yield* send(crate.offer)
      yield* send(iceCandidate(3))
      yield* pass(5_000)
      expect(yield* call.state).toMatchObject({ _tag: "Connected", call: { role: "callee" } })
      expect(ann.mock.peers.map(({ candidatesAdded }) => candidatesAdded.map(({ candidate }) => candidate))).toEqual([[], [1, 2, 3].map(hostLine)])
    }))
  it.effect("its offer that met ours, come once more after that call, does not ring", () =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      const call = yield* ann.line.call("eve")
      yield* settle
      yield* send(crate.offer)
      yield* pass(1_000)
      yield* send(crate.hangup)
      yield* pass(1_000)
      expect(yield* tag(call)).toBe("Ended")
      yield* send(crate.offer)
      expect(ann.rang).toHaveLength(0)
      expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale" })
    }))
  const marked = (session: number) => mockSdp({ session, sections: sectionsIn(theirOffer) }).replace("m=audio", "a=x-enigma-rtc:1\r\nm=audio")
  // As texts, 999 would be above 1000.
  it.effect.each([[999, true], [1_001, false], [20_000_000_000, false]] as const)("an offer with our mark is compared by its session id, as a number, with ours of 1000: to %i we yield: %s", ([session, yields]) =>
    Effect.gen(function*() {
      const { ann, send, sent } = yield* withCrate({ session: 1_000 })
      const call = yield* ann.line.call("eve")
      yield* settle
      // A transport that strips fields may change line endings, too.
      yield* send({ type: "offer", sdp: marked(session).replaceAll("\r\n", "\n") })
      yield* settle
      expect(yield* tag(call)).toBe(yields ? "Connected" : "WaitingAnswer")
      expect(typesOf(sent()).includes("answer")).toBe(yields)
    }))
})

describe("R9 (SIG-28), what a crate, or its transport, says twice or early:", () => {
  it.effect("repeated offers and answers do nothing, while it rings, in the call, and with other line endings", () =>
    Effect.gen(function*() {
      const { ann, send, sent } = yield* withCrate()
      yield* send(crate.offer)
      const repeat = { type: "offer", sdp: theirOffer.replaceAll("\r\n", "\n") }
      for (const again of [crate.offer, repeat]) yield* send(again)
      yield* lastRang(ann).accept()
      yield* settle
      const said = sent().length
      for (const again of [crate.offer, repeat]) yield* send(again)
      expect(ann.receipts.slice(1).every(({ receipt }) => receipt._tag === "Stale")).toBe(true)
      expect(ann.rang).toHaveLength(1)
      expect(sent()).toHaveLength(said)
      const other = yield* withCrate()
      const call = yield* other.ann.line.call("eve")
      yield* settle
      for (let n = 0; n < 3; n++) yield* other.send(crate.answer)
      expect(other.ann.receipts.map(({ receipt }) => receipt._tag)).toEqual(["Delivered", "Stale", "Stale"])
      expect(other.ann.mock.peer.answersApplied).toHaveLength(1)
      expect(yield* tag(call)).toBe("Connected")
    }))
  it.effect("an offer that comes once more after its call, ended by either end, does not ring again; another does", () =>
    Effect.gen(function*() {
      for (const who of ["we", "they"] as const) {
        const { ann, send } = yield* withCrate()
        yield* send(crate.offer)
        if (who === "we") yield* lastRang(ann).decline()
        else yield* send(crate.hangup)
        yield* send(crate.offer)
        yield* pass(20_000, 1_000)
        yield* send(crate.offer)
        expect(ann.rang).toHaveLength(1)
        expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale", why: expect.stringContaining("ended") })
        yield* send({ type: "offer", sdp: mockSdp({ session: 77, sections: sectionsIn(theirOffer) }) })
        expect(ann.rang).toHaveLength(2)
      }
    }))
  it.effect("the next offer of a stack that always writes the same origin rings: it has another ICE name", () =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      yield* send(crate.offer)
      yield* send(crate.hangup)
      yield* pass(6_000, 1_000)
      const next = { type: "offer", sdp: theirOffer.replaceAll(/a=ice-ufrag:\S+/g, "a=ice-ufrag:another1") }
      expect(next.sdp).not.toBe(theirOffer)
      yield* send(next)
      expect(ann.rang).toHaveLength(2)
      yield* send(crate.hangup)
      for (const again of [crate.offer, next]) {
        yield* send(again)
        expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale" })
      }
      expect(ann.rang).toHaveLength(2)
    }))
  it.effect("an offer that comes once more while the engine of its call is still closing does not ring again; another does", () =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      yield* send(crate.offer)
      const call = lastRang(ann)
      yield* call.accept()
      yield* settle
      ann.mock.faults = { never: ["close"] }
      yield* Effect.forkScoped(call.hangup())
      yield* settle
      expect(yield* tag(call)).toBe("Ending")
      yield* send(crate.offer)
      expect(ann.rang).toHaveLength(1)
      expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale" })
      yield* send({ type: "offer", sdp: mockSdp({ session: 77, sections: sectionsIn(theirOffer) }) })
      expect(ann.rang).toHaveLength(2)
    }))
  it.effect.each(["creating", "waiting"] as const)("an offer that comes once more after its call, when we call back and ours is %s, is no collision", (when) =>
    Effect.gen(function*() {
      const { ann, send, sent } = yield* withCrate(when === "creating" ? { latencyMs: 500 } : {})
      yield* send(crate.offer)
      yield* send(crate.hangup)
      const call = yield* ann.line.call("eve")
      yield* settle
      yield* send(crate.offer)
      expect(ann.receipts.at(-1)?.receipt).toMatchObject({ _tag: "Stale" })
      yield* pass(1_000)
      expect(yield* tag(call)).toBe("WaitingAnswer")
      expect(typesOf(sent())).not.toContain("answer")
      yield* send(crate.answer)
      yield* pass(1_000)
      expect(yield* call.state).toMatchObject({ _tag: "Connected", call: { role: "caller" } })
    }))
  it.effect.each([[0, false], [1_999, false], [2_001, true]] as const)("a hangup that comes %i ms before its offer: does it ring? %s", ([beforeMs, rings]) =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      yield* send(crate.hangup)
      if (beforeMs > 0) yield* pass(beforeMs, beforeMs)
      yield* send(crate.offer)
      const states = yield* Effect.forEach(ann.rang, tag)
      expect(states.filter((state) => state === "IncomingOffer")).toHaveLength(rings ? 1 : 0)
      if (!rings) {
        // That call has had its hangup: the next one rings.
        yield* send({ type: "offer", sdp: mockSdp({ session: 77, sections: sectionsIn(theirOffer) }) })
        expect(yield* tag(lastRang(ann))).toBe("IncomingOffer")
      }
    }))
  it.effect.each([[0, true], [4_900, true], [5_100, false]] as const)("a hangup %i ms after a call is that call's once more, so that the next one rings: %s", ([afterMs, rings]) =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      yield* send(crate.offer)
      yield* send(crate.hangup)
      if (afterMs > 0) yield* pass(afterMs, afterMs)
      yield* send(crate.hangup)
      yield* send({ type: "offer", sdp: mockSdp({ session: 77, sections: sectionsIn(theirOffer) }) })
      const states = yield* Effect.forEach(ann.rang, tag)
      expect(states.filter((state) => state === "IncomingOffer")).toHaveLength(rings ? 1 : 0)
    }))
  it.effect("a hangup that names an early call is for that call only", () =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      yield* send({ ...crate.hangup, call_id: "c1" })
      yield* send({ ...crate.offer, call_id: "c2" })
      expect(yield* tag(lastRang(ann))).toBe("IncomingOffer")
    }))
})

describe("R9 (SIG-25, SIG-27), our call to a crate:", () => {
  it.effect.each(["an answer", "a candidate before it"])("the offer is said again until its answer, also after %s, and then never; candidates once more", (first) =>
    Effect.gen(function*() {
      const { ann, send, sent, wire } = yield* withCrate()
      const call = yield* ann.line.call("eve")
      yield* pass(20_000)
      expect(wire.of("ann", "offer").map(({ atMs }) => atMs - (wire.log[0]?.atMs ?? 0)).slice(0, 6)).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500])
      // Only the offer: candidates before it would be lost, and after it would only be said too often.
      let offers = sent("offer").length
      expect(sent("ice_candidate")).toHaveLength(2)
      if (first === "a candidate before it") {
        // It may be one of an earlier call, whose names it does not tell, and its offer may be lost.
        yield* send(iceCandidate(1))
        yield* pass(8_000)
        expect(sent("ice_candidate")).toHaveLength(2)
        expect(sent("offer").length).toBeGreaterThan(offers)
      }
      offers = sent("offer").length
      yield* send(crate.answer)
      yield* settle
      expect(sent("ice_candidate").slice(2)).toEqual(sent("ice_candidate").slice(0, 2).map((message) => {
        const { base: _, seq: __, ...rest } = message as typeof message & { readonly seq: number; readonly base: number }
        return rest
      }))
      yield* pass(60_000, 1_000)
      expect(sent("offer")).toHaveLength(offers)
      expect(sent("ice_candidate")).toHaveLength(4)
      expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
      ann.mock.peer.trickle(hostLine(9))
      yield* settle
      expect(sent("ice_candidate")).toHaveLength(5)
      yield* call.hangup()
      yield* pass(60_000, 1_000)
      // Nobody acknowledges it: it is said once.
      expect(sent("hangup")).toHaveLength(1)
      expect(sent().some(isForbidden)).toBe(false)
    }))
  it.effect("that it never answers is hung up, and the hangup is not said while another call of ours is on", () =>
    Effect.gen(function*() {
      const { ann, sent } = yield* withCrate()
      const first = yield* ann.line.call("eve")
      yield* pass(1_000)
      yield* first.hangup()
      const second = yield* ann.line.call("eve")
      yield* pass(10_000)
      // Behind the second offer it would end that call.
      const types = typesOf(sent())
      expect(types.slice(types.lastIndexOf("hangup")).filter((type) => type === "offer").length).toBeGreaterThan(1)
      expect(yield* tag(second)).toBe("WaitingAnswer")
    }))
  it.effect("is never sent another round: no media change, no hold, no restart, whatever the engine asks", () =>
    Effect.gen(function*() {
      for (const role of ["caller", "callee"] as const) {
        const { ann, send, sent } = yield* withCrate()
        let call = role === "caller" ? yield* ann.line.call("eve") : undefined
        yield* settle
        yield* send(role === "caller" ? crate.answer : crate.offer)
        call ??= lastRang(ann)
        if (role === "callee") yield* call.accept()
        // Candidates are said twice, the second time 1 s later.
        yield* pass(2_000)
        const said = sent().length
        for (const change of [call.hold, call.setMedia({ send: { screen: "on" } }), call.setMedia({ receive: { camera: false } }), call.restartIce]) {
          expect(yield* Effect.flip(change)).toMatchObject({ _tag: "InvalidState" })
        }
        ann.mock.peer.emit({ _tag: "NegotiationNeeded" })
        ann.mock.peer.link("interrupted")
        yield* pass(20_000, 1_000)
        ann.mock.peer.link("up")
        yield* settle
        expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
        expect(sent().slice(said)).toEqual([])
        expect(ann.mock.peer.operations.filter((operation) => operation === "createOffer")).toHaveLength(role === "caller" ? 1 : 0)
      }
    }))
  it.effect("whose media are lost ends with ice_failed at once", () =>
    Effect.gen(function*() {
      const { ann, send } = yield* withCrate()
      const call = yield* ann.line.call("eve")
      yield* settle
      yield* send(crate.answer)
      ann.mock.peer.link("failed")
      yield* settle
      expect(yield* call.state).toMatchObject({ _tag: "Ended", by: "local", reason: "ice_failed" })
    }))
})
