import { describe, expect, it } from "@effect/vitest"
import type { CallSession, EnigmaRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { mockSdp, sectionsIn } from "../src/index.ts"
import { hostLine, iceCandidate, reach, type Situation, situations, stateIn, theirAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

const operations: { readonly [name: string]: (session: CallSession) => Effect.Effect<unknown, EnigmaRtcError> } = {
  createOffer: (session) => session.createOffer(),
  acceptOffer: (session) => session.acceptOffer(theirOffer),
  acceptAnswer: (session) => session.acceptAnswer(theirAnswer),
  accept: (session) => session.accept(),
  decline: (session) => session.decline(),
  hangup: (session) => session.hangup(),
  mute: (session) => session.setMicrophoneEnabled(false),
  unmute: (session) => session.setCameraEnabled(true),
  shareScreen: (session) => session.setMedia({ send: { screen: "on" } }),
  addIceCandidate: (session) => session.addIceCandidate({ candidate: hostLine(1), sdpMid: "0" }),
  stats: (session) => session.stats
}

/** `ok`: it succeeds. `x`: it fails with InvalidState. `wait`: it is taken, and goes on while the engine hangs. */
const matrix = `
                idle creating waiting applying ringing answering connecting up   interrupted ending ended
createOffer     ok   x        x       x        x       x         x          x    x           x      x
acceptOffer     ok   x        x       x        x       x         x          x    x           x      x
acceptAnswer    x    x        ok      x        x       x         x          x    x           x      x
accept          x    x        x       x        ok      x         x          x    x           x      x
decline         x    x        x       x        ok      x         x          x    x           x      x
hangup          ok   ok       ok      ok       ok      ok        ok         ok   ok          x      x
mute            ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
unmute          ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
shareScreen     ok   x        x       x        ok      x         x          x    x           x      x
addIceCandidate ok   ok       ok      wait     ok      wait      ok         ok   ok          ok     ok
stats           x    x        x       x        x       x         ok         ok   ok          x      x
`
const [columns = [], ...rows] = matrix.trim().split("\n").map((line) => line.trim().split(/ +/))
const cases = rows.flatMap(([operation = "", ...cells]) =>
  columns.map((situation, i) => ({
    operation,
    // The columns are compared with the situations below.
    situation: situation as Situation,
    outcome: cells[i] ?? "missing"
  }))
)

describe("every operation in every situation", () => {
  it.effect.each(cases)("$operation in $situation: $outcome", ({ operation, outcome, situation }) =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach(situation)
      const before = yield* session.state
      const reached = mock.peers.map((peer) => peer.operations.length)
      const fiber = yield* Effect.forkScoped(Effect.result(operations[operation]?.(session) ?? Effect.die("no such operation")))
      yield* settle
      const exit = fiber.pollUnsafe()
      if (outcome === "wait") {
        expect(exit).toBeUndefined()
        return
      }
      if (exit?._tag !== "Success") throw new Error(`it has not settled: ${JSON.stringify(exit)}`)
      const result = exit.value
      if (outcome === "ok") {
        expect(result).toMatchObject({ _tag: "Success" })
        return
      }
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "InvalidState", state: stateIn[situation] } })
      if (result._tag === "Failure" && result.failure._tag === "InvalidState") {
        expect(result.failure.operation).toMatch(/\w/)
        expect(result.failure.message).toContain(`is not possible in ${stateIn[situation]}`)
      }
      // It has done nothing: the state is the very same, and the engine was not asked.
      expect(yield* session.state).toBe(before)
      expect(mock.peers.map((peer) => peer.operations.length)).toEqual(reached)
    }))
  it("is in the table", () => {
    expect(columns).toEqual([...situations])
    expect(rows.map(([name]) => name)).toEqual(Object.keys(operations))
  })
})

describe("every message in every situation has a receipt", () => {
  const messages = {
    // The same as the one that rings, where one rings.
    offer: { type: "offer", sdp: theirOffer },
    second: { type: "offer", sdp: mockSdp({ session: 9_002, sections: sectionsIn(theirOffer) }) },
    answer: { type: "answer", sdp: theirAnswer },
    candidate: iceCandidate(1),
    hangup: { type: "hangup", reason: "busy" },
    other: { type: "hangup", call_id: "call-2" },
    nonsense: `{"type":"nonsense"}`
  } as const
  const receipts = `
            idle      creating waiting   applying  ringing   answering connecting up        interrupted ending  ended
  offer     Delivered Stale    Stale     Stale     Stale     Stale     Refused    Refused   Refused     Stale   Stale
  second    Delivered Stale    Stale     Stale     Refused   Refused   Refused    Refused   Refused     Stale   Stale
  answer    Refused   Refused  Delivered Stale     Refused   Refused   Stale      Stale     Stale       Stale   Stale
  candidate Delivered Stale    Delivered Delivered Delivered Delivered Delivered  Delivered Delivered   Stale   Stale
  hangup    Stale     Stale    Delivered Delivered Delivered Delivered Delivered  Delivered Delivered   Stale   Stale
  other     Stale     Stale    Stale     Stale     Stale     Stale     Stale      Stale     Stale       Stale   Stale
  nonsense  Refused   Refused  Refused   Refused   Refused   Refused   Refused    Refused   Refused     Refused Refused
  `.trim().split("\n").map((line) => line.trim().split(/ +/))
  const told = receipts.slice(1).flatMap(([message = "", ...cells]) =>
    situations.map((situation, i) => ({ message: message as keyof typeof messages, situation, receipt: cells[i] }))
  )
  it.effect.each(told)("$message in $situation: $receipt", ({ message, receipt, situation }) =>
    Effect.gen(function*() {
      const { events, session } = yield* reach(situation)
      const before = yield* session.state
      const got = yield* session.receive(messages[message])
      expect(got._tag).toBe(receipt)
      yield* settle
      const refused = events.filter(({ _tag }) => _tag === "MessageRefused")
      if (got._tag === "Refused") {
        // An ended call has told its last event.
        expect(refused).toEqual(situation === "ended" ? [] : [{ _tag: "MessageRefused", error: got.error }])
      } else expect(refused).toEqual([])
      if (got._tag === "Stale") expect(got.why).toMatch(/\w{2} \w/)
      if (got._tag !== "Delivered") expect(yield* session.state).toBe(before)
    }))
})
