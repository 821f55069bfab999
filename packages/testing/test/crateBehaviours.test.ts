import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { hostLine, makeSubject, reach, situations, stateIn, theirAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

const tagOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) => Effect.map(Effect.flip(effect), ({ _tag }) => _tag)

describe("as in the Rust crate,", () => {
  it.effect("a call goes Idle, CreatingOffer, WaitingAnswer, Connected, Ending, Ended", () =>
    Effect.gen(function*() {
      const { events, session } = yield* makeSubject()
      const seen = [(yield* session.state)._tag]
      expect((yield* session.createOffer()).type).toBe("offer")
      yield* session.acceptAnswer(theirAnswer)
      yield* settle
      expect(yield* session.hangup()).toEqual({ type: "hangup", reason: "normal", call_id: "call-1" })
      yield* settle
      for (const event of events) if (event._tag === "StateChanged") seen.push(event.state._tag)
      expect(seen).toEqual(["Idle", "CreatingOffer", "WaitingAnswer", "Connected", "Ending", "Ended"])
    }))
  it.effect("an offer is accepted and answered in one go", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject()
      const answer = yield* session.acceptOffer(theirOffer)
      expect(answer).toEqual({ type: "answer", sdp: mock.peer.localDescription, call_id: "call-1", negotiation: 0 })
      expect((yield* session.state)._tag).toBe("Connected")
      expect(mock.peer.offersReceived).toEqual([theirOffer])
    }))
  it.effect("two offers in a row are InvalidState", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("waiting")
      expect(yield* Effect.flip(session.createOffer())).toMatchObject({
        _tag: "InvalidState",
        state: "WaitingAnswer",
        operation: "createOffer",
        allowed: ["hangup", "setMedia"]
      })
    }))
  it.effect("an answer before an offer is InvalidState", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject()
      expect(yield* tagOf(session.acceptAnswer(theirAnswer))).toBe("InvalidState")
      expect((yield* session.state)._tag).toBe("Idle")
      expect(mock.peers).toEqual([])
    }))
  it.effect("a candidate that is not JSON is JsonError", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("waiting")
      for (const text of ["not json", "{", `{"type":"hangup"}`, `{"type":"offer","sdp":"x"}`, hostLine(1)]) {
        expect(yield* tagOf(session.addIceCandidate(text)), text).toBe("JsonError")
      }
      expect(yield* tagOf(session.addIceCandidate(`{"type":"ice_candidate","candidate":"hello"}`))).toBe("InvalidCandidate")
      expect(yield* tagOf(session.addIceCandidate({ candidate: "hello" }))).toBe("InvalidCandidate")
    }))
  it.effect("a candidate is taken as JSON and as a value", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      yield* session.addIceCandidate(`{"type":"ice_candidate","candidate":"${hostLine(1)}","sdp_mid":"0"}`)
      yield* session.addIceCandidate({ candidate: hostLine(2), sdpMLineIndex: 1 })
      expect(mock.peer.candidatesAdded).toEqual([{ candidate: hostLine(1), sdpMid: "0" }, { candidate: hostLine(2), sdpMLineIndex: 1 }])
    }))
  it.effect("a second hangup fails with InvalidState", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      yield* session.hangup("normal")
      expect(yield* tagOf(session.hangup("normal"))).toBe("InvalidState")
      expect(mock.peer.timesClosed).toBe(1)
    }))
  it.effect("an empty SDP is refused, and the state stays", () =>
    Effect.gen(function*() {
      const idle = yield* reach("idle")
      expect(yield* tagOf(idle.session.acceptOffer(""))).toBe("InvalidSdp")
      expect((yield* idle.session.state)._tag).toBe("Idle")
      const waiting = yield* reach("waiting")
      expect(yield* tagOf(waiting.session.acceptAnswer(""))).toBe("InvalidSdp")
      expect((yield* waiting.session.state)._tag).toBe("WaitingAnswer")
    }))
  it.effect("the microphone and the camera are switched at once, and the engine does as it is told", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      yield* session.setMicrophoneEnabled(false)
      expect(mock.peer.intent.send).toEqual({ microphone: "muted", camera: "on", screen: "off" })
      yield* session.setCameraEnabled(false)
      yield* session.setMicrophoneEnabled(true)
      expect(mock.peer.intent.send).toEqual({ microphone: "on", camera: "muted", screen: "off" })
    }))
})

describe("the helper that brings a session into a situation", () => {
  it.effect.each(situations)("reaches %s", (situation) =>
    Effect.gen(function*() {
      const { session } = yield* reach(situation)
      const state = yield* session.state
      expect(state._tag).toBe(stateIn[situation])
      if (situation === "applying") expect(state).toMatchObject({ phase: { _tag: "Applying" } })
      if (situation === "answering") expect(state).toMatchObject({ phase: { _tag: "Answering" } })
      if (situation === "connecting") expect(state).toMatchObject({ media: { _tag: "Connecting" } })
      if (situation === "up") expect(state).toMatchObject({ media: { _tag: "Up" } })
      if (situation === "interrupted") expect(state).toMatchObject({ media: { _tag: "Interrupted" } })
    }))
})
