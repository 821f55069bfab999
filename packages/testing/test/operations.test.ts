import { describe, expect, it } from "@effect/vitest"
import type { CallSession, EnigmaRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { mockSdp, sectionsIn } from "../src/index.ts"
import { hostLine, iceCandidate, reach, type Situation, situations, stateIn, type SubjectOptions, theirAnswer, theirOffer } from "./session.ts"
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
  hold: (session) => session.hold,
  resume: (session) => session.resume,
  restartIce: (session) => session.restartIce,
  addIceCandidate: (session) => session.addIceCandidate({ candidate: hostLine(1), sdpMid: "0" }),
  stats: (session) => session.stats
}

/**
 * `ok`: it succeeds. `x`: it fails with InvalidState. `wait`: it is taken, and goes on while the engine hangs. The peer
 * has no delivery fields, so that a call with it has no other round (R9, SIG-25).
 */
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
shareScreen     ok   wait     ok      wait     ok      x         x          x    x           x      x
hold            ok   wait     ok      wait     ok      x         x          x    x           x      x
resume          ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
restartIce      x    x        x       x        x       x         x          x    x           x      x
addIceCandidate ok   ok       ok      wait     ok      wait      ok         ok   ok          ok     ok
stats           x    x        x       x        x       x         ok         ok   ok          x      x
`
/** The same with a peer that shows delivery fields: what needs a round waits for none, and has one. */
const withAwarePeer = `
                idle creating waiting applying ringing answering connecting up   interrupted ending ended
shareScreen     ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
hold            ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
resume          ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
restartIce      x    x        x       x        x       x         ok         ok   ok          x      x
`
/** With such a peer, and an engine that does not renegotiate, or cannot take its offer back. */
const withoutRounds = `
                idle creating waiting applying ringing answering connecting up   interrupted ending ended
mute            ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
shareScreen     ok   x        x       x        ok      x         x          x    x           x      x
hold            ok   x        x       x        ok      x         x          x    x           x      x
resume          ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
restartIce      x    x        x       x        x       x         x          x    x           x      x
`
/** With such a peer, and an engine that renegotiates but cannot restart ICE. */
const withoutRestarts = `
                idle creating waiting applying ringing answering connecting up   interrupted ending ended
shareScreen     ok   wait     ok      wait     ok      wait      ok         ok   ok          x      x
restartIce      x    x        x       x        x       x         x          x    x           x      x
`
const read = (text: string) => text.trim().split("\n").map((line) => line.trim().split(/ +/))
const casesOf = (text: string) => {
  const [columns = [], ...rows] = read(text)
  return rows.flatMap(([operation = "", ...cells]) =>
    columns.map((situation, i) => ({
      operation,
      // The columns are compared with the situations below.
      situation: situation as Situation,
      outcome: cells[i] ?? "missing"
    }))
  )
}
const rounds = ["shareScreen", "hold", "resume", "restartIce"]

const engines: ReadonlyArray<readonly [string, string, SubjectOptions]> = [
  ["with a peer without delivery fields", matrix, {}],
  ["with a peer that shows delivery fields", withAwarePeer, { aware: true }],
  ["and an engine without renegotiation", withoutRounds, { aware: true, capabilities: { renegotiation: false } }],
  ["and an engine without rollback", withoutRounds, { aware: true, capabilities: { rollback: false } }],
  ["and an engine without ICE restart", withoutRestarts, { aware: true, capabilities: { iceRestart: false } }]
]

describe.each(engines)("every operation in every situation, %s,", (_, text, options) => {
  it.effect.each(casesOf(text))("$operation in $situation: $outcome", ({ operation, outcome, situation }) =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach(situation, options)
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
    const [columns, ...rows] = read(text)
    expect(columns).toEqual([...situations])
    const names = rows.map(([name = ""]) => name)
    if (text === matrix) expect(names).toEqual(Object.keys(operations))
    if (text === withAwarePeer) expect(names).toEqual(rounds)
    expect(names.every((name) => name in operations)).toBe(true)
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
    // From a peer that shows delivery fields. Both calls may have the same id: then the lower session id goes on.
    own: { type: "offer", sdp: theirOffer, call_id: "call-1" },
    ownLower: { type: "offer", sdp: mockSdp({ session: 8_000, sections: sectionsIn(theirOffer) }), call_id: "call-1" },
    round: { type: "offer", sdp: theirOffer, call_id: "call-1", negotiation: 1 },
    lower: { type: "offer", sdp: theirOffer, call_id: "call-0" },
    higher: { type: "offer", sdp: theirOffer, call_id: "call-2" },
    late: { type: "answer", sdp: theirAnswer, call_id: "call-1", negotiation: 2 },
    ahead: { ...iceCandidate(1), call_id: "call-1", negotiation: 9 },
    ack: { type: "ack", from: "far.1", to: "near.1", ack: 0 },
    nonsense: `{"type":"nonsense"}`
  } as const
  const receipts = `
            idle      creating waiting   applying  ringing   answering connecting up        interrupted ending  ended
  offer     Delivered Delivered Delivered Stale    Stale     Stale     Refused    Refused   Refused     Stale   Stale
  second    Delivered Delivered Delivered Stale    Refused   Refused   Refused    Refused   Refused     Stale   Stale
  answer    Refused   Refused  Delivered Stale     Refused   Refused   Stale      Stale     Stale       Stale   Stale
  candidate Delivered Delivered Delivered Delivered Delivered Delivered Delivered  Delivered Delivered   Stale   Stale
  hangup    Stale     Stale    Delivered Delivered Delivered Delivered Delivered  Delivered Delivered   Stale   Stale
  other     Delivered Stale    Stale     Stale     Stale     Stale     Stale      Stale     Stale       Stale   Stale
  own       Delivered Delivered Stale    Stale     Stale     Stale     Refused    Refused   Refused     Stale   Stale
  ownLower  Delivered Delivered Delivered Stale    Refused   Refused   Refused    Refused   Refused     Stale   Stale
  round     Stale     gap       Stale     Delivered Stale     Stale     Delivered  Delivered Delivered   Stale   Stale
  lower     Delivered Delivered Delivered Stale    Stale     Stale     Stale      Stale     Stale       Stale   Stale
  higher    Delivered Delivered Stale    Stale     Stale     Stale     Stale      Stale     Stale       Stale   Stale
  late      Refused   Refused  Stale     Stale     Refused   Refused   Stale      Stale     Stale       Stale   Stale
  ahead     Delivered Stale    Stale     Delivered Stale     Stale     Delivered  Delivered Delivered   Stale   Stale
  ack       Stale     Stale    Stale     Stale     Stale     Stale     Stale      Stale     Stale       Stale   Stale
  nonsense  Refused   Refused  Refused   Refused   Refused   Refused   Refused    Refused   Refused     Refused Refused
  `.trim().split("\n").map((line) => line.trim().split(/ +/))
  const told = receipts.slice(1).flatMap(([message = "", ...cells]) =>
    situations.map((situation, i) => ({ message: message as keyof typeof messages, situation, receipt: cells[i] }))
  ).filter(({ receipt }) => receipt !== "gap")
  // Known gaps, which turn red when they are closed: a later round of no call that is on is taken for a collision.
  const gaps = [
    ["creating", messages.round],
    ["waiting", { ...messages.ownLower, negotiation: 1 }]
  ] as const
  for (const [situation, message] of gaps) {
    it.effect(`round in ${situation}: Stale`, () =>
      Effect.gen(function*() {
        const { session } = yield* reach(situation, { session: 8_500 })
        expect((yield* session.receive(message))._tag).toBe("Stale")
      }))
  }
  it.effect.each(told)("$message in $situation: $receipt", ({ message, receipt, situation }) =>
    Effect.gen(function*() {
      // The session id of our offer.
      const { events, session } = yield* reach(situation, { session: 8_500 })
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
