import { describe, expect, it } from "@effect/vitest"
import type { CallSession, EnigmaRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import type { MockOperation } from "../src/index.ts"
import { connect, openPair } from "./line.ts"
import { hostLine, makeSubject, reach, statesOf, tagsOf, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

type Run = (session: CallSession) => Effect.Effect<unknown, EnigmaRtcError>
const add: Run = (session) => session.addIceCandidate({ candidate: hostLine(1), sdpMid: "0" })

/** Each operation of an engine, and the operation of the session that waits for it. */
const crossings: ReadonlyArray<{ readonly hangs: MockOperation; readonly from: "idle" | "waiting" | "ringing" | "up"; readonly name: string; readonly run: Run }> = [
  { hangs: "open", from: "idle", name: "createOffer", run: (session) => session.createOffer() },
  { hangs: "createOffer", from: "idle", name: "createOffer", run: (session) => session.createOffer() },
  { hangs: "open", from: "idle", name: "acceptOffer", run: (session) => session.acceptOffer(theirOffer) },
  { hangs: "createAnswer", from: "idle", name: "acceptOffer", run: (session) => session.acceptOffer(theirOffer) },
  { hangs: "createAnswer", from: "ringing", name: "accept", run: (session) => session.accept() },
  { hangs: "applyAnswer", from: "waiting", name: "acceptAnswer", run: (session) => session.acceptAnswer(theirAnswer) },
  { hangs: "setMedia", from: "up", name: "setMicrophoneEnabled", run: (session) => session.setMicrophoneEnabled(false) },
  { hangs: "addRemoteCandidate", from: "up", name: "addIceCandidate", run: add },
  { hangs: "stats", from: "up", name: "stats", run: (session) => session.stats }
]

describe.each(crossings)("while $name waits for the engine's $hangs", ({ from, hangs, name, run }) => {
  const ends: ReadonlyArray<readonly [string, (session: CallSession) => Effect.Effect<unknown, EnigmaRtcError>, "local" | "remote"]> = [
    ["a hangup of the user", (session) => session.hangup(), "local"],
    ["a hangup of the peer", (session) => session.receive({ type: "hangup", reason: "normal" }), "remote"]
  ]
  // While an offer is being made, the peer knows of no call that it could end.
  const possible = ends.filter(([, , by]) => by === "local" || name !== "createOffer")
  it.effect.each(possible)("%s ends the call at once, and the wait with a typed error", ([, end, by]) =>
    Effect.gen(function*() {
      const { mock, session, ...subject } = yield* reach(from, { faults: { never: [hangs] } })
      const waiting = yield* Effect.forkScoped(Effect.flip(run(session)))
      yield* settle
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* end(session)
      yield* settle
      expect(yield* session.state).toEqual({ _tag: "Ended", by, reason: "normal" })
      expect(yield* Fiber.join(waiting)).toMatchObject({
        _tag: expect.stringMatching(/^(InvalidState|WebRtcError)$/),
        operation: expect.stringMatching(new RegExp(`^(${name}|${hangs})$`))
      })
      expect(mock.peers.map(({ timesClosed }) => timesClosed)).toEqual(hangs === "open" ? [] : [1])
      expect(typesOf(subject.sent).filter((type) => type === "hangup")).toHaveLength(by === "local" && name !== "createOffer" ? 1 : 0)
      // Whatever the stack does later, the call is over.
      yield* TestClock.adjust("5 minutes")
      expect(statesOf(subject.events).filter((state) => state === "Ended")).toHaveLength(1)
      expect(tagsOf(subject.events).at(-1)).toBe("ConnectionClosed")
    }))
  it.effect("the operation fails when it has not settled in time", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach(from, { faults: { never: [hangs] } })
      const waiting = yield* Effect.forkScoped(Effect.flip(run(session)))
      yield* TestClock.adjust("10 seconds")
      yield* settle
      expect(yield* Fiber.join(waiting)).toMatchObject({ _tag: "WebRtcError", operation: hangs, reason: { _tag: "Timeout", limitMs: 10_000 } })
      // Nobody may believe to be muted who is not.
      const ends = from !== "up" || hangs === "setMedia"
      expect(yield* session.state).toMatchObject(ends ? { _tag: "Ended", reason: "engine_error", failure: { operation: hangs, reason: "Timeout" } } : { _tag: "Connected" })
      expect(mock.peers.every(({ timesClosed }) => timesClosed === (ends ? 1 : 0))).toBe(true)
    }))
})

describe("a hangup", () => {
  it.effect("waits until the engine is closed", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up", { latencyMs: 0 })
      mock.faults = { never: ["close"] }
      const hangup = yield* Effect.forkScoped(session.hangup("busy"))
      yield* TestClock.adjust("9999 millis")
      expect((yield* session.state)._tag).toBe("Ending")
      expect(hangup.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      yield* settle
      expect(yield* Fiber.join(hangup)).toEqual({ type: "hangup", reason: "busy", call_id: "call-1" })
      expect(yield* session.state).toEqual({ _tag: "Ended", by: "local", reason: "busy" })
    }))
  it.effect("by both ends at once ends the call once", () =>
    Effect.gen(function*() {
      const first = yield* reach("up")
      const hangup = yield* Effect.forkScoped(first.session.hangup())
      yield* Effect.yieldNow
      expect((yield* first.session.receive({ type: "hangup" }))._tag).toBe("Stale")
      yield* Fiber.join(hangup)
      const second = yield* reach("up")
      expect((yield* second.session.receive({ type: "hangup" }))._tag).toBe("Delivered")
      expect(yield* Effect.flip(second.session.hangup())).toMatchObject({ _tag: "InvalidState", state: "Ending" })
      yield* settle
      for (const { events, mock } of [first, second]) {
        expect(mock.peer.timesClosed).toBe(1)
        expect(statesOf(events).slice(-2)).toEqual(["Ending", "Ended"])
      }
      expect([typesOf(first.sent).slice(1), typesOf(second.sent).slice(1)]).toEqual([["hangup"], []])
    }))
  it.effect("that nobody waits for any more still ends the call", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      const hangup = yield* Effect.forkScoped(session.hangup())
      yield* Effect.yieldNow
      yield* Fiber.interrupt(hangup)
      yield* settle
      expect((yield* session.state)._tag).toBe("Ended")
      expect(mock.peer.timesClosed).toBe(1)
    }))
  it.effect("before anything happened ends a session that never called, and tells nobody", () =>
    Effect.gen(function*() {
      const { events, mock, sent, session } = yield* makeSubject()
      yield* session.hangup()
      yield* settle
      expect([sent, mock.peers]).toEqual([[], []])
      expect(tagsOf(events)).toEqual(["StateChanged", "ConnectionClosed"])
    }))
  it.effect("of a ringing call is told to the peer, and so is a decline", () =>
    Effect.gen(function*() {
      for (const [end, reason] of [["hangup", "normal"], ["decline", "declined"]] as const) {
        const { mock, sent, session } = yield* reach("ringing")
        expect(yield* session[end]()).toEqual({ type: "hangup", reason, call_id: "call-1" })
        yield* settle
        expect(sent).toEqual([{ type: "hangup", reason, call_id: "call-1" }])
        expect(mock.peers).toEqual([])
        expect(yield* session.state).toEqual({ _tag: "Ended", by: "local", reason })
      }
    }))
  it.effect.each([
    ["of 1,024 characters", "x".repeat(1_024), "x".repeat(1_024)],
    ["of 1,025 characters", `${"x".repeat(1_024)}y`, "x".repeat(1_024)],
    ["of a million characters", "x".repeat(1_000_000), "x".repeat(1_024)],
    ["that is empty", "", ""],
    ["that is a number", 5, "normal"],
    ["that is null", null, "normal"],
    ["that is an object", { reason: "busy" }, "normal"]
  ])("with a reason %s is sent all the same, in a call, while it rings, and as a decline", ([, given, reason]) =>
    Effect.gen(function*() {
      for (const [situation, end] of [["up", "hangup"], ["ringing", "hangup"], ["ringing", "decline"]] as const) {
        const { events, sent, session } = yield* reach(situation)
        // An app without types may give anything.
        expect(yield* session[end](given as string)).toEqual({ type: "hangup", reason, call_id: "call-1" })
        yield* settle
        expect(sent.at(-1)).toEqual({ type: "hangup", reason, call_id: "call-1" })
        expect(yield* session.state).toEqual({ _tag: "Ended", by: "local", reason })
        expect(tagsOf(events)).not.toContain("SendFailed")
      }
    }))
  it.effect("with a reason that is too long reaches the other end of a line", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { called, calling } = yield* connect(pair)
      yield* calling.hangup("x".repeat(5_000))
      yield* settle
      expect(yield* called.state).toEqual({ _tag: "Ended", by: "remote", reason: "x".repeat(1_024) })
    }))
  it.effect("of the peer without a reason is normal, and with one says it", () =>
    Effect.gen(function*() {
      const plain = yield* reach("up")
      yield* plain.session.receive({ type: "hangup" })
      yield* settle
      expect(yield* plain.session.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
      const odd = yield* reach("ringing")
      yield* odd.session.receive(`{"type":"hangup","reason":"gone fishing"}`)
      yield* settle
      expect(yield* odd.session.state).toEqual({ _tag: "Ended", by: "remote", reason: "gone fishing" })
      expect(odd.sent).toEqual([])
    }))
})

it.effect("a call that is let go of while it is answered fails its accept, and not its app", () =>
  Effect.gen(function*() {
    const { close, mock, session } = yield* reach("answering")
    const applying = yield* Effect.forkScoped(Effect.flip(session.accept()))
    yield* close
    expect(yield* Fiber.join(applying)).toMatchObject({ _tag: "InvalidState" })
    expect(mock.peer.timesClosed).toBe(1)
  }))
