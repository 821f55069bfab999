import { describe, expect, it } from "@effect/vitest"
import { type CallMessage, CallSession, RtcEngine, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { MockEngine, type MockOperation, mockSdp } from "../src/index.ts"
import { hostLine, makeSubject, reach, tagsOf, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

const cause = new Error("it broke")
const failing = (operation: MockOperation) => ({ faults: { fail: { [operation]: cause } } })
const refused = (operation: string) => ({ _tag: "WebRtcError", engine: "mock", operation, reason: { _tag: "Refused" }, cause })
const endedBy = (operation: string) => ({
  _tag: "Ended",
  by: "local",
  reason: "engine_error",
  failure: { engine: "mock", operation, reason: "Refused", message: expect.stringContaining("it broke") }
})

describe("an engine whose open throws, and gives no effect,", () => {
  const throwing = () => {
    const { engine } = MockEngine.make()
    const open = () => {
      throw cause
    }
    return { ...engine, open }
  }
  it.effect.each(["createOffer", "acceptOffer"] as const)("has refused: %s fails, the call is over, and its scope closes", (how) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const sent: Array<CallMessage> = []
      const session = yield* CallSession.make({}, { callId: "call-1", send: (message) => Effect.sync(() => void sent.push(message)) }).pipe(
        Scope.provide(scope),
        Effect.provideService(RtcEngine, throwing())
      )
      const doing = yield* Effect.forkScoped(how === "createOffer" ? Effect.flip(session.createOffer()) : Effect.flip(session.acceptOffer(theirOffer)))
      yield* settle
      // At once: nothing hangs until a limit in time.
      expect(doing.pollUnsafe()).toBeDefined()
      expect(yield* Fiber.join(doing)).toMatchObject(refused("open"))
      expect(yield* session.state).toEqual(endedBy("open"))
      expect(typesOf(sent)).toEqual(how === "createOffer" ? [] : ["hangup"])
      const closing = yield* Effect.forkScoped(Scope.close(scope, Exit.void))
      yield* settle
      expect(closing.pollUnsafe()).toBeDefined()
    }))
})

describe("an engine that fails to", () => {
  it.effect.each(["open", "createOffer"] as const)("%s fails the call, which tells nobody", (operation) =>
    Effect.gen(function*() {
      const { events, mock, sent, session } = yield* makeSubject(failing(operation))
      expect(yield* Effect.flip(session.createOffer())).toMatchObject(refused(operation))
      yield* settle
      expect(yield* session.state).toEqual(endedBy(operation))
      expect(sent).toEqual([])
      expect(mock.peers.map(({ timesClosed }) => timesClosed)).toEqual(operation === "open" ? [] : [1])
      expect(events.at(-1)).toMatchObject({ _tag: "ConnectionClosed", reason: "engine_error", failure: { operation } })
    }))
  it.effect.each(["open", "createAnswer"] as const)("%s fails the acceptance, and hangs up", (operation) =>
    Effect.gen(function*() {
      const { mock, sent, session } = yield* makeSubject(failing(operation))
      expect(yield* Effect.flip(session.acceptOffer(theirOffer))).toMatchObject(refused(operation))
      yield* settle
      expect(yield* session.state).toEqual(endedBy(operation))
      expect(sent).toEqual([{ type: "hangup", reason: "engine_error", call_id: "call-1" }])
      expect(mock.peers.every(({ timesClosed }) => timesClosed === 1)).toBe(true)
    }))
  it.effect("apply the answer fails it, and hangs up", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* reach("waiting", failing("applyAnswer"))
      expect(yield* Effect.flip(session.acceptAnswer(theirAnswer))).toMatchObject(refused("applyAnswer"))
      yield* settle
      expect(yield* session.state).toEqual(endedBy("applyAnswer"))
      expect(typesOf(sent)).toEqual(["offer", "hangup"])
    }))
  it.effect.each(["waiting", "connecting", "up", "interrupted"] as const)("switch the media of a call that is %s fails the switch, and hangs up", (situation) =>
    Effect.gen(function*() {
      const { events, mock, sent, session } = yield* reach(situation, failing("setMedia"))
      expect(yield* Effect.flip(session.setMicrophoneEnabled(false))).toMatchObject(refused("setMedia"))
      yield* settle
      // Nobody may believe to be muted who is not.
      expect(yield* session.state).toEqual(endedBy("setMedia"))
      expect(sent.at(-1)).toEqual({ type: "hangup", reason: "engine_error", call_id: "call-1" })
      expect(events.at(-1)).toMatchObject({ _tag: "ConnectionClosed", by: "local", reason: "engine_error", failure: { operation: "setMedia" } })
      expect(mock.peer.timesClosed).toBe(1)
    }))
  it.effect("switch the media while the answer is made fails the switch, and hangs up after the answer", () =>
    Effect.gen(function*() {
      const { sent, session } = yield* makeSubject({ latencyMs: 100, ...failing("setMedia") })
      const accepting = yield* Effect.forkScoped(session.acceptOffer(theirOffer))
      yield* settle
      const switching = yield* Effect.forkScoped(Effect.flip(session.setCameraEnabled(false)))
      for (let turn = 0; turn < 10; turn++) yield* Effect.andThen(TestClock.adjust(100), settle)
      expect(yield* Fiber.join(switching)).toMatchObject(refused("setMedia"))
      expect(yield* session.state).toEqual(endedBy("setMedia"))
      expect(typesOf(sent)).toEqual(["answer", "hangup"])
      expect(yield* Fiber.join(accepting)).toMatchObject({ type: "answer" })
    }))
  it.effect("take a candidate fails that candidate, is told, and the call goes on", () =>
    Effect.gen(function*() {
      const { events, session } = yield* reach("up", failing("addRemoteCandidate"))
      expect(yield* Effect.flip(session.addIceCandidate({ candidate: hostLine(1), sdpMid: "0" }))).toMatchObject(refused("addRemoteCandidate"))
      expect(yield* session.receive({ type: "ice_candidate", candidate: hostLine(2), sdp_mid: "0" })).toEqual({ _tag: "Delivered" })
      yield* settle
      expect(events.filter(({ _tag }) => _tag === "MessageRefused")).toHaveLength(2)
      expect((yield* session.state)._tag).toBe("Connected")
    }))
  it.effect("tell its figures, or to open a channel, fails just that", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("up", { faults: { fail: { stats: cause, openDataChannel: cause } } })
      expect(yield* Effect.flip(session.stats)).toMatchObject(refused("stats"))
      expect(yield* Effect.flip(session.openDataChannel("chat"))).toMatchObject(refused("openDataChannel"))
      expect((yield* session.state)._tag).toBe("Connected")
    }))
  it.effect("close is closed all the same", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up", failing("close"))
      yield* session.hangup()
      expect(yield* session.state).toEqual({ _tag: "Ended", by: "local", reason: "normal" })
      expect(mock.peer.timesClosed).toBe(1)
    }))
})

describe("a connection that fails ends the call with its reason:", () => {
  it.effect.each(["waiting", "applying", "answering", "connecting", "up", "interrupted"] as const)("the path, %s", (situation) =>
    Effect.gen(function*() {
      const { mock, sent, session } = yield* reach(situation)
      mock.peer.link("failed")
      yield* settle
      expect(yield* session.state).toMatchObject({ _tag: "Ended", reason: "ice_failed", failure: { reason: "IceFailed" } })
      expect(sent.at(-1)).toEqual({ type: "hangup", reason: "ice_failed", call_id: "call-1" })
      expect(mock.peer.timesClosed).toBe(1)
    }))
  it.effect("the stack", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      const error = new WebRtcError({ engine: "mock", operation: "link", reason: { _tag: "Media", detail: "no codec" } })
      mock.peer.emit({ _tag: "Failed", error })
      yield* settle
      expect(yield* session.state).toMatchObject({ _tag: "Ended", reason: "engine_error", failure: { reason: "Media", message: error.message } })
    }))
  it.effect("once, however often it fails", () =>
    Effect.gen(function*() {
      const { events, mock } = yield* reach("up")
      mock.peer.link("failed")
      mock.peer.link("failed")
      mock.peer.emit({ _tag: "Failed", error: new WebRtcError({ engine: "mock", operation: "x", reason: { _tag: "Closed" } }) })
      yield* settle
      expect(tagsOf(events).filter((tag) => tag === "ConnectionClosed")).toHaveLength(1)
      expect(mock.peer.timesClosed).toBe(1)
    }))
})

it.effect("media that comes up before the engine says that the answer is applied counts", () =>
  Effect.gen(function*() {
    const { events, mock, session } = yield* makeSubject({ latencyMs: 0, connects: false })
    yield* session.createOffer()
    mock.faults = { never: ["applyAnswer"] }
    yield* Effect.forkScoped(Effect.ignore(session.acceptAnswer(theirAnswer)))
    yield* settle
    mock.peer.link("up")
    yield* settle
    expect(yield* session.state).toMatchObject({ phase: { _tag: "Applying", up: true } })
    expect(tagsOf(events)).not.toContain("ConnectionEstablished")
  }))

it.effect("an answer whose sections do not match the offer is the engine's error, as in a browser", () =>
  Effect.gen(function*() {
    const { session } = yield* reach("waiting")
    const wrong = mockSdp({ session: 5, sections: [{ kind: "video", mid: "0" }], setup: "active" })
    expect(yield* Effect.flip(session.acceptAnswer(wrong))).toMatchObject({ _tag: "WebRtcError", operation: "applyAnswer" })
    yield* settle
    expect((yield* session.state)._tag).toBe("Ended")
  }))

it.effect("a defect of an engine in setMedia ends the call too", () =>
  Effect.gen(function*() {
    const { engine } = MockEngine.make()
    const broken: RtcEngine["Service"] = {
      ...engine,
      open: (config, intent) =>
        Effect.map(engine.open(config, intent), (peer) => ({ ...peer, setMedia: () => Effect.die("a bug in an adapter") }))
    }
    const session = yield* Effect.provideService(CallSession.make(), RtcEngine, broken)
    yield* session.createOffer()
    const muting = yield* Effect.forkScoped(Effect.exit(session.setMicrophoneEnabled(false)))
    yield* settle
    expect(muting.pollUnsafe()).toMatchObject({ value: { _tag: "Failure" } })
    expect(yield* session.state).toMatchObject({ _tag: "Ended", by: "local", reason: "engine_error", failure: { operation: "setMedia" } })
  }))

it.effect.each(["open", "createOffer"] as const)("a defect of an engine in %s ends the call too, and hangs nobody", (operation) =>
  Effect.gen(function*() {
    const { engine } = MockEngine.make()
    const broken: RtcEngine["Service"] = {
      ...engine,
      open: (config, intent) =>
        operation === "open"
          ? Effect.die("a bug in an adapter")
          : Effect.map(engine.open(config, intent), (peer) => ({ ...peer, createOffer: () => Effect.die("a bug in an adapter") }))
    }
    const session = yield* Effect.provideService(CallSession.make(), RtcEngine, broken)
    const calling = yield* Effect.forkScoped(Effect.exit(session.createOffer()))
    yield* settle
    expect(calling.pollUnsafe()).toBeDefined()
    expect((yield* session.state)._tag).toBe("Ended")
  }))
