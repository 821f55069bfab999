/** Both call each other at the same moment, and what happens then: the rules R5 and R9, SIG-10, SIG-11 and SIG-16. */
import { describe, expect, it } from "@effect/vitest"
import { CallLine, type LineCall } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type End, type EndOptions, lastRang, openEnd } from "./line.ts"
import { tagsOf } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire, pass, randomOf, tag } from "./wire.ts"

type Order = "ann is lower" | "bob is lower"
const orders = ["ann is lower", "bob is lower"] as const

const open = (order: Order, annOptions: EndOptions = {}, bobOptions: EndOptions = {}) =>
  Effect.gen(function*() {
    const wire = makeWire()
    // The lower of two lines is decided by its device's name.
    const [annName, bobName] = order === "ann is lower" ? ["a-phone", "b-desk"] : ["b-phone", "a-desk"]
    const ann = yield* openEnd(wire.join("ann"), annName ?? "", annOptions)
    const bob = yield* openEnd(wire.join("bob"), bobName ?? "", bobOptions)
    const [winner, loser] = order === "ann is lower" ? [ann, bob] : [bob, ann]
    return { wire, ann, bob, winner, loser }
  })
/** Both call; what they send is held until the test releases it. */
const crossing = (order: Order, annOptions: EndOptions = {}, bobOptions: EndOptions = {}) =>
  Effect.gen(function*() {
    const all = yield* open(order, annOptions, bobOptions)
    all.wire.pass = () => "hold"
    const ofAnn = yield* all.ann.line.call("bob")
    const ofBob = yield* all.bob.line.call("ann")
    yield* settle
    expect([yield* tag(ofAnn), yield* tag(ofBob)]).toEqual(["WaitingAnswer", "WaitingAnswer"])
    const go = Effect.suspend(() => {
      all.wire.pass = () => true
      all.wire.release()
      return settle
    })
    const [won, lost] = order === "ann is lower" ? [ofAnn, ofBob] : [ofBob, ofAnn]
    return { ...all, ofAnn, ofBob, won, lost, go, lostId: lost.id, wonId: won.id }
  })
const closes = (end: End) => end.mock.peers.map(({ timesClosed }) => timesClosed)
/** Does the line have room for as many calls as at first? Then it holds none. */
const holdsNone = (line: CallLine, free: number) =>
  Effect.gen(function*() {
    for (let n = 0; n < free; n++) yield* line.call(`nobody${n}`)
    return (yield* Effect.result(line.call("nobody")))._tag === "Failure"
  })

describe.each(orders)("R5 (SIG-10, SIG-11), both call at once, %s:", (order) => {
  it.effect("one call remains, which both sessions are; the loser's engine is opened anew, and no engine fails", () =>
    Effect.gen(function*() {
      const { ann, bob, go, lost, lostId, loser, won, wonId, winner, wire } = yield* crossing(order)
      yield* go
      expect([won.id, lost.id]).toEqual([wonId, wonId])
      for (const call of [won, lost]) expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
      expect(yield* won.state).toMatchObject({ call: { role: "caller" } })
      expect(yield* lost.state).toMatchObject({ call: { role: "callee" } })
      expect([closes(winner), closes(loser)]).toEqual([[0], [1, 0]])
      expect([...ann.rang, ...bob.rang]).toEqual([])
      // The loser says that its call is withdrawn; the winner never answers it, and says nothing of it.
      const withdrawn = wire.log.filter(({ message }) => "call_id" in message && message.call_id === lostId && message.type !== "offer" && message.type !== "ice_candidate")
      expect(withdrawn.map(({ message }) => message)).toMatchObject([{ type: "hangup", reason: "withdrawn", from: loser.line.from }])
      for (const call of [won, lost]) {
        yield* call.hangup().pipe(Effect.ignore)
        yield* settle
        const tags = tagsOf(yield* Stream.runCollect(call.events))
        expect(tags.filter((name) => name === "ConnectionEstablished")).toHaveLength(1)
        expect(tags).not.toContain("NegotiationFailed")
        expect(tags).not.toContain("MessageRefused")
        expect(tags).not.toContain("SendFailed")
      }
      expect([closes(winner), closes(loser)]).toEqual([[1], [1, 1]])
      expect(yield* lost.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
    }))
  it.effect("candidates of both ends reach the connection that remains, and none that was given up reaches an engine", () =>
    Effect.gen(function*() {
      const { go, loser, winner } = yield* crossing(order, { candidates: 3 }, { candidates: 3 })
      yield* go
      const added = (end: End) => (end.mock.peer.candidatesAdded.map(({ candidate }) => candidate.slice(0, 12)))
      const all = ["candidate:1 ", "candidate:2 ", "candidate:3 ", ""]
      expect([added(winner), added(loser)]).toEqual([all, all])
      expect(loser.mock.peers[0]?.candidatesAdded).toEqual([])
    }))
  it.effect("what each user wanted of the media holds, with the call and after it, in the engine that is opened anew too (SIG-24)", () =>
    Effect.gen(function*() {
      const { ann, bob, go, loser, ofAnn, ofBob, winner } = yield* crossing(order)
      for (const call of [ofAnn, ofBob]) {
        yield* call.setMicrophoneEnabled(false)
        yield* call.setMedia({ send: { screen: "on" } })
      }
      yield* go
      yield* pass(2_000)
      for (const { mock } of [ann, bob]) expect(mock.peer.intent).toMatchObject({ send: { microphone: "muted", screen: "on" } })
      expect([closes(winner), closes(loser)]).toEqual([[0], [1, 0]])
      for (const call of [ofAnn, ofBob]) expect(yield* call.state).toMatchObject({ _tag: "Connected", negotiation: { _tag: "Stable" }, media: { _tag: "Up" } })
    }))
  it.effect("texts that are lost, held and reversed at random come to the same", () =>
    Effect.gen(function*() {
      const random = randomOf(`collision on a bad channel, ${order}`)
      for (let round = 0; round < 20; round++) {
        const { lost, won, wire } = yield* crossing(order)
        wire.pass = () => {
          const fate = random()
          return fate < 0.4 ? false : fate < 0.6 ? "hold" : true
        }
        wire.release("backwards")
        for (let second = 0; second < 40; second++) {
          yield* pass(1_000)
          wire.release(random() < 0.5 ? "backwards" : undefined)
        }
        expect([yield* tag(won), yield* tag(lost), won.id]).toEqual(["Connected", "Connected", lost.id])
      }
    }), 30_000)
  it.effect.each(["ann", "bob"] as const)("an end whose offer is still being made yields, though it were the lower: %s", (slow) =>
    Effect.gen(function*() {
      const { ann, bob } = yield* open(order, slow === "ann" ? { latencyMs: 1_000 } : {}, slow === "bob" ? { latencyMs: 1_000 } : {})
      const [making, made] = slow === "ann" ? [ann, bob] : [bob, ann]
      const late = yield* making.line.call(slow === "ann" ? "bob" : "ann")
      const early = yield* made.line.call(slow === "ann" ? "ann" : "bob")
      yield* pass(10_000)
      expect(late.id).toBe(early.id)
      expect(yield* late.state).toMatchObject({ _tag: "Connected", call: { role: "callee" } })
      expect(yield* early.state).toMatchObject({ _tag: "Connected", call: { role: "caller" } })
    }))
  it.effect("a third one's call, and a lower one's, is not taken for a collision", () =>
    Effect.gen(function*() {
      const { ann, ofAnn, wire } = yield* crossing(order)
      const carl = yield* openEnd(wire.join("carl"), "0-lowest")
      wire.pass = ({ from }) => from === "carl"
      const calling = yield* carl.line.call("ann")
      yield* settle
      // Otherwise her microphone opens to Carl.
      expect(yield* tag(ofAnn)).toBe("WaitingAnswer")
      expect(ann.rang.map(({ id, peer }) => [id, peer])).toEqual([[calling.id, "carl"]])
      expect(ann.mock.peers).toHaveLength(1)
    }))

  const moments = ["before anything arrives", "when one offer has arrived", "while the answer is made", "when both are connected"] as const
  it.effect.each(moments.flatMap((moment) => (["winner", "loser"] as const).map((who) => ({ moment, who }))))(
    "the $who hangs up $moment: nobody is left ringing, and nothing is left open (SIG-17)",
    ({ moment, who }) =>
      Effect.gen(function*() {
        const hangs = moment === "while the answer is made" ? { latencyMs: 100 } : {}
        const { ann, bob, go, loser, lost, wire, winner, won } = yield* moment === "while the answer is made"
          ? Effect.gen(function*() {
            const all = yield* open(order, hangs, hangs)
            all.wire.pass = () => "hold"
            const ofAnn = yield* all.ann.line.call("bob")
            const ofBob = yield* all.bob.line.call("ann")
            yield* pass(200, 50)
            const [won, lost] = order === "ann is lower" ? [ofAnn, ofBob] : [ofBob, ofAnn]
            const go = Effect.suspend(() => {
              all.wire.pass = () => true
              all.wire.release()
              return settle
            })
            return { ...all, won, lost, go }
          })
          : crossing(order)
        const call = who === "winner" ? won : lost
        const hangUp = Effect.andThen(Effect.forkScoped(call.hangup("busy")), settle)
        switch (moment) {
          case "before anything arrives":
            yield* hangUp
            yield* go
            break
          case "when one offer has arrived": {
            const first = wire.of(winner === ann ? "ann" : "bob", "offer")[0]
            yield* wire.inject(loser === ann ? "ann" : "bob", winner === ann ? "ann" : "bob", first?.text ?? "")
            yield* hangUp
            yield* go
            break
          }
          case "while the answer is made":
            yield* go
            yield* hangUp
            break
          case "when both are connected":
            yield* go
            yield* hangUp
        }
        yield* pass(10_000)
        expect(yield* tag(call)).toBe("Ended")
        const rang: Array<LineCall> = []
        for (const one of [...ann.rang, ...bob.rang]) if ((yield* tag(one)) !== "Ended") rang.push(one)
        // Who hangs up before it has heard of the other's call is still called by the other, and rings.
        expect(rang).toHaveLength(who === "loser" && moment === "before anything arrives" ? 1 : 0)
        for (const one of rang) {
          expect([one.peer, one.id]).toEqual([winner === ann ? "ann" : "bob", won.id])
          expect([yield* tag(one), yield* tag(won)]).toEqual(["IncomingOffer", "WaitingAnswer"])
          yield* one.decline()
          yield* pass(1_000)
        }
        expect([yield* tag(won), yield* tag(lost)]).toEqual(["Ended", "Ended"])
        expect([...closes(ann), ...closes(bob)].every((times) => times === 1)).toBe(true)
        expect(yield* holdsNone(ann.line, 64)).toBe(true)
      })
  )
  it.effect("and both hang up before anything arrives: both are over, and neither rings for long", () =>
    Effect.gen(function*() {
      const { ann, bob, go, lost, won } = yield* crossing(order)
      yield* won.hangup()
      yield* lost.hangup()
      yield* go
      yield* pass(2_000)
      for (const call of [won, lost, ...ann.rang, ...bob.rang]) expect(yield* tag(call)).toBe("Ended")
    }))
})

describe("R5 (SIG-16), a call of the peer's that rings already", () => {
  it.effect("is accepted by calling the peer, and the session is that call", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* open("ann is lower")
      const calling = yield* ann.line.call("bob")
      yield* settle
      const answering = yield* bob.line.call("ann", { media: { send: { microphone: "muted" } } })
      yield* settle
      expect(answering).toBe(lastRang(bob))
      expect([yield* tag(calling), yield* tag(answering)]).toEqual(["Connected", "Connected"])
      expect(bob.mock.peer.intent.send.microphone).toBe("muted")
      expect([ann.mock.peers.length, bob.mock.peers.length]).toEqual([1, 1])
    }))
  it.effect("is not offered to a reader any more when it was accepted so", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone")
      const bob = yield* CallLine.make({ device: "desk", channel: wire.join("bob") }).pipe(Effect.provide(ann.mock.layer))
      yield* ann.line.call("bob")
      yield* settle
      yield* bob.call("ann")
      const reader = yield* Effect.forkScoped(Stream.runHead(bob.incoming))
      yield* settle
      expect(reader.pollUnsafe()).toBeUndefined()
    }))
  it.effect("of another peer stays ringing", () =>
    Effect.gen(function*() {
      const { ann, bob, wire } = yield* open("ann is lower")
      const carl = yield* openEnd(wire.join("carl"), "tab")
      yield* ann.line.call("bob")
      yield* settle
      yield* bob.line.call("carl")
      yield* settle
      expect(yield* tag(lastRang(bob))).toBe("IncomingOffer")
      expect(carl.rang).toHaveLength(1)
    }))
})

describe("with maxCalls: 1 (SIG-16)", () => {
  it.effect("a line in a call answers another with busy, and can call nobody", () =>
    Effect.gen(function*() {
      const wire = makeWire()
      const ann = yield* openEnd(wire.join("ann"), "phone", { maxCalls: 1 })
      const bob = yield* openEnd(wire.join("bob"), "desk")
      const carl = yield* openEnd(wire.join("carl"), "tab")
      const first = yield* ann.line.call("bob")
      yield* settle
      for (const during of ["waiting", "connected"]) {
        const refused = yield* carl.line.call("ann")
        yield* settle
        expect(yield* refused.state).toEqual({ _tag: "Ended", by: "remote", reason: "busy" })
        expect(ann.rang).toEqual([])
        expect(ann.receipts.at(-1)).toMatchObject({ peer: "carl", receipt: { _tag: expect.stringMatching(/Refused|Stale|Delivered|Held/) } })
        expect(yield* Effect.flip(ann.line.call("carl"))).toMatchObject({ reason: { _tag: "TooMany", what: "calls", limit: 1 } })
        if (during === "waiting") yield* lastRang(bob).accept()
        yield* settle
      }
      expect(yield* tag(first)).toBe("Connected")
      yield* first.hangup()
      yield* settle
      yield* carl.line.call("ann")
      yield* settle
      expect(ann.rang).toHaveLength(1)
    }))
  it.effect.each(orders)("on both ends a collision is no reason for busy, %s", (order) =>
    Effect.gen(function*() {
      const { go, lost, won } = yield* crossing(order, { maxCalls: 1 }, { maxCalls: 1 })
      yield* go
      expect([yield* tag(won), yield* tag(lost), won.id]).toEqual(["Connected", "Connected", lost.id])
    }))
  it.effect.each([0, 65, 1.5, -1, Number.NaN, "1"])("there cannot be %j calls", (maxCalls) =>
    Effect.gen(function*() {
      const made = openEnd(makeWire().join("ann"), "phone", { maxCalls: maxCalls as number })
      expect(yield* Effect.flip(made)).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "InvalidConfig", field: "maxCalls" } })
    }))
})
