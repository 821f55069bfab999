import { describe, expect, it } from "@effect/vitest"
import type { SignalingMessage } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { hostLine, iceCandidate, makeSubject, reach, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

const aware = <M extends SignalingMessage>(message: M): M => ({ ...message, from: "phone.1", call_id: "call-1" })
const candidates = (messages: ReadonlyArray<SignalingMessage>) =>
  messages.flatMap((message) => (message.type === "ice_candidate" ? [message.candidate] : []))
const added = (all: ReadonlyArray<{ readonly candidate: string }>) => all.map(({ candidate }) => candidate)

describe("a remote candidate", () => {
  it.effect("that comes before the offer is applied after the answer", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject()
      for (const n of [1, 2]) expect(yield* session.receive(iceCandidate(n))).toEqual({ _tag: "Delivered" })
      yield* session.receive({ type: "offer", sdp: theirOffer })
      yield* session.receive(iceCandidate(3))
      yield* session.accept()
      yield* session.receive(iceCandidate(4))
      yield* settle
      expect(added(mock.peer.candidatesAdded)).toEqual([1, 2, 3, 4].map(hostLine))
      expect(mock.peer.operations[0]).toBe("createAnswer")
    }))
  it.effect("that comes before the answer is applied after it", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("waiting")
      for (const n of [1, 2]) yield* session.receive(iceCandidate(n))
      yield* settle
      expect(mock.peer.candidatesAdded).toEqual([])
      yield* session.acceptAnswer(theirAnswer)
      yield* settle
      expect(added(mock.peer.candidatesAdded)).toEqual([1, 2].map(hostLine))
    }))
  it.effect("for a section that is not there is told, and neither ends the call nor loses the others", () =>
    Effect.gen(function*() {
      const { events, mock, session } = yield* reach("waiting")
      yield* session.receive(iceCandidate(1))
      yield* session.receive({ type: "ice_candidate", candidate: hostLine(2), sdp_mid: "nowhere" })
      yield* session.receive(iceCandidate(3))
      yield* session.acceptAnswer(theirAnswer)
      yield* settle
      expect(added(mock.peer.candidatesAdded)).toEqual([1, 3].map(hostLine))
      expect(events.filter(({ _tag }) => _tag === "MessageRefused")).toHaveLength(1)
      expect((yield* session.state)._tag).toBe("Connected")
    }))
  it.effect("that the engine is taking when the call ends is not told as refused", () =>
    Effect.gen(function*() {
      const { events, session } = yield* reach("up", { faults: { never: ["addRemoteCandidate"] } })
      yield* session.receive(iceCandidate(1))
      yield* settle
      yield* session.hangup()
      yield* settle
      expect(events.filter(({ _tag }) => _tag === "MessageRefused")).toEqual([])
    }))
  it.effect("that is empty is the end, and reaches the engine", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      yield* session.receive({ type: "ice_candidate", candidate: "", sdp_mid: "0" })
      yield* settle
      expect(mock.peer.candidatesAdded).toEqual([{ candidate: "", sdpMid: "0" }])
    }))
  it.effect("is kept within bounds while it rings, and told when it is too many", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("ringing")
      const receipts = yield* Effect.forEach(Array.from({ length: 70 }, (_, n) => n), (n) => session.receive(iceCandidate(n)))
      expect(receipts.filter(({ _tag }) => _tag === "Delivered")).toHaveLength(64)
      expect(receipts.at(-1)).toMatchObject({ _tag: "Stale", why: expect.stringContaining("64") })
      yield* session.accept()
      yield* settle
      expect(mock.peer.candidatesAdded).toHaveLength(64)
    }))
})

describe("our candidates", () => {
  it.effect("go out after the offer, in order, each once, and are told", () =>
    Effect.gen(function*() {
      const { events, mock, sent, session } = yield* makeSubject({ candidates: 3 })
      yield* session.createOffer()
      yield* settle
      expect(typesOf(sent)).toEqual(["offer", "ice_candidate", "ice_candidate", "ice_candidate"])
      mock.peer.emit({ _tag: "LocalCandidate", candidate: { candidate: candidates(sent)[0] ?? "", sdpMid: "0", sdpMLineIndex: 0 } })
      mock.peer.trickle(hostLine(9))
      yield* settle
      expect(candidates(sent).at(-1)).toBe(hostLine(9))
      expect(candidates(sent)).toHaveLength(4)
      const told = events.flatMap((event) => (event._tag === "LocalIceCandidate" ? [event.message] : []))
      expect(told).toEqual(sent.slice(1))
    }))
  it.effect("go out after the answer", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* makeSubject({ candidates: 2 })
      yield* session.acceptOffer(theirOffer)
      yield* settle
      expect(typesOf(sent)).toEqual(["answer", "ice_candidate", "ice_candidate"])
    }))
  it.effect("are not told before their offer is, and not after the end", () =>
    Effect.gen(function*() {
      const creating = yield* reach("creating")
      creating.mock.peer.trickle(hostLine(1))
      yield* settle
      expect(creating.sent).toEqual([])
      const ended = yield* reach("ended")
      const before = [...ended.sent]
      ended.mock.peer.trickle(hostLine(1))
      yield* settle
      expect(ended.sent).toEqual(before)
    }))
})

describe("an end-of-candidates of ours", () => {
  it.effect("is never sent to a peer that shows no delivery fields, whatever it sends", () =>
    Effect.gen(function*() {
      const caller = yield* makeSubject({ candidates: 2 })
      yield* caller.session.createOffer()
      yield* caller.session.receive(iceCandidate(1))
      yield* caller.session.receive({ type: "answer", sdp: theirAnswer })
      const callee = yield* makeSubject({ candidates: 2 })
      yield* callee.session.receive({ type: "offer", sdp: theirOffer })
      yield* callee.session.accept()
      const alone = yield* makeSubject({ candidates: 2 })
      yield* alone.session.acceptOffer(theirOffer)
      yield* settle
      for (const { mock, sent, session } of [caller, callee, alone]) {
        expect(yield* session.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
        mock.peer.trickle("", "1")
        yield* settle
        expect(candidates(sent)).toHaveLength(2)
        expect(candidates(sent)).not.toContain("")
      }
    }))
  it.effect("is sent with the answer to a peer whose offer shows them", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* makeSubject({ candidates: 1 })
      yield* session.receive(aware({ type: "offer", sdp: theirOffer }))
      yield* session.accept()
      yield* settle
      expect(candidates(sent).at(-1)).toBe("")
    }))
  it.effect("waits for the answer that shows them, and is then sent once", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* makeSubject({ candidates: 1 })
      yield* session.createOffer()
      yield* settle
      expect(candidates(sent)).toHaveLength(1)
      yield* session.receive(aware({ type: "answer", sdp: theirAnswer }))
      yield* settle
      expect(candidates(sent).slice(1)).toEqual([""])
    }))
})
