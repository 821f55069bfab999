import { describe, expect, it } from "@effect/vitest"
import { type CallMessage, CallSession, type Incoming } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { MockEngine } from "../src/index.ts"
import { lastRang, openEnd } from "./line.ts"
import { typesOf } from "./session.ts"
import { settle } from "./settle.ts"

/** A line, and a session that stands alone, whose app carries messages to the line's channel and back as JSON. */
const bridged = Effect.gen(function*() {
  const inbox = yield* Queue.unbounded<Incoming>()
  const sent: Array<CallMessage> = []
  const receipts: Array<string> = []
  const mock = MockEngine.make({ candidates: 1 })
  const session: CallSession = yield* CallSession.make({}, {
    callId: "alone-1",
    send: (message) =>
      Effect.suspend(() => {
        sent.push(message)
        return Effect.asVoid(Queue.offer(inbox, { peer: "alone", text: JSON.stringify(message) }))
      })
  }).pipe(Effect.provide(mock.layer))
  const answered: Array<CallMessage> = []
  const end = yield* openEnd({
    send: (text) =>
      Effect.map(session.receive(text), ({ _tag }) => {
        answered.push(JSON.parse(text) as CallMessage)
        receipts.push(_tag)
      }),
    incoming: Stream.fromQueue(inbox)
  }, "desk")
  return { session, mock, sent, end, answered, receipts }
})
const connected = { _tag: "Connected", media: { _tag: "Up" } }

describe("a session that stands alone and a line", () => {
  it.effect("call: the line accepts, both trickle to the end, and the session hangs up", () =>
    Effect.gen(function*() {
      const { answered, end, mock, receipts, sent, session } = yield* bridged
      const offer = yield* session.createOffer()
      yield* settle
      const call = lastRang(end)
      expect([offer.call_id, session.id, call.id]).toEqual(["alone-1", "alone-1", "alone-1"])
      yield* call.accept()
      yield* settle
      expect(yield* session.state).toMatchObject(connected)
      expect(yield* call.state).toMatchObject(connected)
      // Each shows the other that it knows delivery fields: the end of candidates arrives on both sides.
      expect(mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toContain("")
      expect(end.mock.peer.candidatesAdded.map(({ candidate }) => candidate)).toContain("")
      expect(yield* session.hangup("busy")).toEqual({ type: "hangup", reason: "busy", call_id: "alone-1" })
      yield* settle
      expect(yield* call.state).toEqual({ _tag: "Ended", by: "remote", reason: "busy" })
      // The first hangup is for other devices of the line's user: it names the line that has answered (SIG-13).
      expect(typesOf(sent)).toEqual(["offer", "ice_candidate", "hangup", "ice_candidate", "hangup"])
      expect(sent[2]).toMatchObject({ reason: "answered_elsewhere", answered_by: end.line.from })
      expect(typesOf(answered)).toEqual(["answer", "ice_candidate", "ice_candidate"])
      expect([...sent, ...answered].every(({ call_id }) => call_id === "alone-1")).toBe(true)
      expect(receipts.every((tag) => tag === "Delivered")).toBe(true)
      expect(end.receipts.map(({ receipt }) => receipt._tag)).toEqual(["Delivered", "Delivered", "Stale", "Delivered", "Delivered"])
    }))
  it.effect("are called: the session takes the line's call by its id, accepts, and the line hangs up", () =>
    Effect.gen(function*() {
      const { answered, end, receipts, sent, session } = yield* bridged
      const call = yield* end.line.call("alone")
      yield* settle
      expect(yield* session.state).toMatchObject({ _tag: "IncomingOffer" })
      const first = expect.stringContaining("candidate:1 ") as string
      expect(call.id).not.toBe("alone-1")
      expect(session.id).toBe(call.id)
      const answer = yield* session.accept()
      expect(answer.call_id).toBe(call.id)
      yield* settle
      expect(yield* session.state).toMatchObject(connected)
      expect(yield* call.state).toMatchObject(connected)
      yield* call.hangup()
      yield* settle
      expect(yield* session.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
      expect(session.id).toBe(call.id)
      expect(typesOf(sent)).toEqual(["answer", "ice_candidate", "ice_candidate"])
      // The session acknowledges nothing: a candidate that may have overtaken the offer is said once more (SIG-27).
      expect(typesOf(answered)).toEqual(["offer", "ice_candidate", "ice_candidate", "ice_candidate", "hangup"])
      expect(answered.flatMap((message) => (message.type === "ice_candidate" ? [message.candidate] : []))).toEqual([first, first, ""])
      expect([...sent, ...answered].every(({ call_id }) => call_id === call.id)).toBe(true)
      expect([...receipts, ...end.receipts.map(({ receipt }) => receipt._tag)].every((tag) => tag === "Delivered")).toBe(true)
    }))
  it.effect.each(["line", "session"] as const)("a decline of the %s reaches the other", (who) =>
    Effect.gen(function*() {
      const { end, session } = yield* bridged
      const calling = who === "session" ? yield* end.line.call("alone") : session
      if (who === "line") yield* session.createOffer()
      yield* settle
      const called = who === "session" ? session : lastRang(end)
      yield* called.decline()
      yield* settle
      expect(yield* calling.state).toEqual({ _tag: "Ended", by: "remote", reason: "declined" })
    }))
})
