import { describe, expect, it } from "@effect/vitest"
import { CallSession } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { MockEngine } from "../src/index.ts"
import { hostLine, makeSubject, reach, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

it.effect("two sessions have two ids, and a session that is named has its name", () =>
  Effect.gen(function*() {
    const { engine, layer } = MockEngine.make()
    expect(engine.name).toBe("mock")
    const [one, two] = yield* Effect.provide(Effect.all([CallSession.make(), CallSession.make()]), layer)
    expect(one.id).not.toBe(two.id)
    expect(one.id).toMatch(/^[!-~]{1,64}$/)
    expect((yield* makeSubject()).session.id).toBe("call-1")
  }))

describe("a session", () => {
  it.effect.each(["", "a b", "é", "x".repeat(65), "a\n", "\u007f", 5, {}, ["x"]])("cannot be named %j", (callId) =>
    Effect.gen(function*() {
      const mock = MockEngine.make()
      // An app without types may give anything.
      const made = Effect.provide(CallSession.make({}, { callId: callId as string }), mock.layer)
      expect(yield* Effect.flip(made)).toMatchObject({
        _tag: "WebRtcError",
        engine: "core",
        operation: "configure",
        reason: { _tag: "InvalidConfig", field: "callId", expected: "1 to 64 visible ASCII characters" }
      })
      expect(mock.peers).toEqual([])
    }))
  it.effect.each(["x", "!~", "x".repeat(64)])("can be named %j", (callId) =>
    Effect.gen(function*() {
      const session = yield* Effect.provide(CallSession.make({}, { callId }), MockEngine.make().layer)
      expect(session.id).toBe(callId)
      expect((yield* session.createOffer()).call_id).toBe(callId)
    }))
})

describe("every message of a call names it:", () => {
  it.effect("offer, candidates and hangup, as they are sent, returned and told", () =>
    Effect.gen(function*() {
      const { events, mock, sent, session } = yield* makeSubject({ candidates: 2 })
      const offer = yield* session.createOffer()
      yield* session.acceptAnswer(theirAnswer)
      mock.peer.trickle(hostLine(9))
      yield* settle
      const hangup = yield* session.hangup()
      yield* settle
      expect(typesOf(sent)).toEqual(["offer", "ice_candidate", "ice_candidate", "ice_candidate", "hangup"])
      expect(sent.map(({ call_id }) => call_id)).toEqual(sent.map(() => "call-1"))
      expect([sent[0], sent.at(-1)]).toEqual([offer, hangup])
      expect(events.flatMap((event) => (event._tag === "LocalIceCandidate" ? [event.message] : []))).toEqual(sent.slice(1, -1))
    }))
  it.effect("answer, candidates and decline, by the name that the offer gives it", () =>
    Effect.gen(function*() {
      const { events, sent, session } = yield* makeSubject({ candidates: 1 })
      expect(session.id).toBe("call-1")
      yield* session.receive({ type: "offer", sdp: theirOffer, call_id: "theirs" })
      expect(session.id).toBe("theirs")
      const answer = yield* session.accept()
      yield* settle
      expect(sent[0]).toEqual(answer)
      expect(sent.map(({ call_id }) => call_id)).toEqual(sent.map(() => "theirs"))
      expect(events).toContainEqual({ _tag: "LocalIceCandidate", message: sent[1] })
      const declined = yield* makeSubject()
      yield* declined.session.receive({ type: "offer", sdp: theirOffer, call_id: "theirs" })
      expect(yield* declined.session.decline()).toEqual({ type: "hangup", reason: "declined", call_id: "theirs" })
      expect(declined.sent).toEqual([{ type: "hangup", reason: "declined", call_id: "theirs" }])
      expect(declined.session.id).toBe("theirs")
    }))
  it.effect("by the session's own name when the offer gives none", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* makeSubject({ candidates: 1 })
      const answer = yield* session.acceptOffer(theirOffer)
      yield* settle
      expect([answer.call_id, session.id]).toEqual(["call-1", "call-1"])
      expect(sent.map(({ call_id }) => call_id)).toEqual(["call-1", "call-1"])
    }))
  it.effect("an offer that goes before our own is answered in its place, and names it (R5, SIG-11)", () =>
    Effect.gen(function*() {
      for (const [situation, theirs] of [["creating", "other"], ["waiting", "a-lower-one"]] as const) {
        const { sent, session } = yield* reach(situation)
        expect(yield* session.receive({ type: "offer", sdp: theirOffer, call_id: theirs })).toEqual({ _tag: "Delivered" })
        expect(session.id).toBe(theirs)
        yield* settle
        // What had not been sent is not withdrawn. An engine that hangs in an offer answers in its next connection.
        expect(sent.map(({ call_id, type }) => [type, call_id])).toEqual([
          ...(situation === "waiting" ? [["offer", "call-1"], ["hangup", "call-1"]] : []),
          ["answer", theirs]
        ])
      }
    }))
  it.effect("an offer that is not taken does not rename it", () =>
    Effect.gen(function*() {
      for (const situation of ["waiting", "applying", "ringing", "up", "ended"] as const) {
        const { session } = yield* reach(situation)
        expect((yield* session.receive({ type: "offer", sdp: theirOffer, call_id: "other" }))._tag).not.toBe("Delivered")
        expect(session.id).toBe("call-1")
      }
    }))
})
