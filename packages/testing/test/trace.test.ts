import { describe, expect, it } from "@effect/vitest"
import { CallLine, CallSession, type Incoming, type LineCall, type Receipt, type Recorder } from "@enigma-rtc/core"
import { openLine, openSession } from "@enigma-rtc/core/promise"
import { type CallTrace, decodeTrace, recordTrace, replay } from "@enigma-rtc/core/trace"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { memoryRelay, MockEngine } from "../src/index.ts"
import { theirAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

const read = (lines: ReadonlyArray<string>): CallTrace => Result.getOrThrow(decodeTrace(lines.join("\n")))
const tagsOf = (trace: CallTrace) => trace.entries.map(({ input }) => input._tag)

/** A call from its offer to its hangup, with an operation that is not possible. */
const call = (trace: Recorder) =>
  Effect.gen(function*() {
    const session = yield* CallSession.make({}, { callId: "call-1", trace }).pipe(
      Effect.provide(MockEngine.make({ candidates: 1 }).layer)
    )
    yield* session.createOffer()
    yield* Effect.ignore(session.accept())
    yield* TestClock.adjust("3 seconds")
    yield* session.acceptAnswer(theirAnswer)
    yield* settle
    yield* session.hangup("normal")
    return yield* session.state
  })

describe("the trace of a session", () => {
  it.effect("tells every input with its time and verdict, and replays to the end that the call came to", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const state = yield* call(recordTrace((line) => lines.push(line)))
      const trace = read(lines)
      expect(trace).toMatchObject({ callId: "call-1", engine: "mock", initial: { _tag: "Idle" } })
      expect(tagsOf(trace)).toEqual(expect.arrayContaining(["UserCalled", "EngineOffered", "UserAccepted", "PeerAnswered", "EngineUp", "EngineClosed"]))
      expect(trace.entries.find(({ input }) => input._tag === "UserAccepted")).toMatchObject({ atMs: 0, verdict: "Rejected" })
      expect(trace.entries.find(({ input }) => input._tag === "PeerAnswered")).toMatchObject({ atMs: 3_000, verdict: "Moved" })
      const replayed = replay(trace)
      expect(replayed.difference).toBeUndefined()
      expect(replayed.state).toEqual(state)
    }))
  it.effect("holds no description, address or credential as it is, unless asked to", () =>
    Effect.gen(function*() {
      const redacted: Array<string> = []
      const whole: Array<string> = []
      yield* call(recordTrace((line) => redacted.push(line)))
      yield* call(recordTrace((line) => whole.push(line), { secrets: true }))
      const secrets = [...theirAnswer.matchAll(/a=(?:ice-ufrag|ice-pwd|fingerprint):(.+)/g)].map(([, secret = ""]) => secret.trim())
      expect(secrets.length).toBeGreaterThan(2)
      for (const secret of secrets) {
        expect(redacted.join("")).not.toContain(secret)
        expect(whole.join("")).toContain(secret)
      }
      expect(replay(read(redacted)).entries.map(({ verdict }) => verdict._tag)).toEqual(
        replay(read(whole)).entries.map(({ verdict }) => verdict._tag)
      )
    }))
  it.effect("ends with the call: what closes a session that is over, or is ending, asks nothing of it", () =>
    Effect.gen(function*() {
      for (const never of [[], ["close"]] as const) {
        const lines: Array<string> = []
        const mock = MockEngine.make({ candidates: 1 })
        const session = CallSession.make({}, { callId: "call-1", trace: recordTrace((line) => lines.push(line)) })
        const closing = yield* Effect.forkScoped(Effect.scoped(Effect.gen(function*() {
          const { createOffer, hangup } = yield* Effect.provide(session, mock.layer)
          yield* createOffer()
          mock.faults = { never }
          yield* Effect.forkScoped(Effect.ignore(hangup()))
          yield* settle
        })))
        yield* settle
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(closing)
        expect(tagsOf(read(lines)).slice(-2)).toEqual(["UserHungUp", "EngineClosed"])
      }
    }))
  it.effect("does the call no harm when its reader throws", () =>
    Effect.gen(function*() {
      const state = yield* call(recordTrace(() => {
        throw new Error("the disk is full")
      }))
      expect(state).toMatchObject({ _tag: "Ended", by: "local", reason: "normal" })
    }))
})

describe("the traces of a line", () => {
  it.effect("are told apart by their calls' ids, on both ends", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const open = (name: string) =>
        Effect.gen(function*() {
          const lines = new Map<string, Array<string>>()
          const trace = recordTrace((line, callId) => void lines.set(callId, [...(lines.get(callId) ?? []), line]))
          const line = yield* CallLine.make({ device: name, channel: yield* relay.join(name), trace }).pipe(
            Effect.provide(MockEngine.make({ candidates: 1 }).layer)
          )
          yield* Effect.forkScoped(Stream.runForEach(line.incoming, (call) => Effect.ignore(call.accept())))
          return { line, lines }
        })
      const ann = yield* open("ann")
      const bob = yield* open("bob")
      const calls = [yield* ann.line.call("bob"), yield* ann.line.call("bob")]
      yield* settle
      expect([...ann.lines.keys()]).toEqual(calls.map(({ id }) => id))
      expect([...bob.lines.keys()]).toEqual(calls.map(({ id }) => id))
      for (const [id, lines] of [...ann.lines, ...bob.lines]) {
        expect(read(lines).callId).toBe(id)
        expect(replay(read(lines))).toMatchObject({ state: { _tag: "Connected" } })
        expect(replay(read(lines)).difference).toBeUndefined()
      }
    }))
})

describe("a line whose recorder throws", () => {
  const offerOfEve = (callId: string) => ({ peer: "eve", text: JSON.stringify({ type: "offer", sdp: theirOffer, from: "far.1", call_id: callId }) })
  const over = (trace: Recorder) =>
    Effect.gen(function*() {
      const inbox = yield* Queue.unbounded<Incoming>()
      const line = yield* CallLine.make({ device: "phone", channel: { send: () => Effect.void, incoming: Stream.fromQueue(inbox) }, trace }).pipe(
        Effect.provide(MockEngine.make().layer)
      )
      const receipts: Array<Receipt> = []
      const rang: Array<LineCall> = []
      yield* Effect.forkScoped(Stream.runForEach(line.receipts, ({ receipt }) => Effect.sync(() => receipts.push(receipt))))
      yield* Effect.forkScoped(Stream.runForEach(line.incoming, (call) => Effect.sync(() => rang.push(call))))
      const give = (callId: string) => Effect.andThen(Queue.offer(inbox, offerOfEve(callId)), settle)
      return { give, line, rang, receipts }
    })
  it.effect("when a call begins goes on, and the call rings", () =>
    Effect.gen(function*() {
      const { give, rang, receipts } = yield* over(() => {
        throw new Error("the disk is full")
      })
      yield* give("c1")
      yield* give("c2")
      expect(receipts).toEqual([{ _tag: "Delivered" }, { _tag: "Delivered" }])
      expect(rang).toHaveLength(2)
    }))
  it.effect("at every input goes on, and so do its calls", () =>
    Effect.gen(function*() {
      const { give, rang, receipts } = yield* over(() => () => {
        throw new Error("the disk is full")
      })
      for (const callId of ["c1", "c2"]) yield* give(callId)
      expect(receipts).toEqual([{ _tag: "Delivered" }, { _tag: "Delivered" }])
      const [first, second] = rang
      if (first === undefined || second === undefined) throw new Error("nothing rang")
      yield* first.accept()
      yield* second.decline()
      yield* settle
      expect([(yield* first.state)._tag, (yield* second.state)._tag]).toEqual(["Connected", "Ended"])
    }))
})

describe("without Effect", () => {
  it("a session and a line have their traces too", async () => {
    const lines: Array<string> = []
    const engine = Effect.succeed(MockEngine.make().engine)
    const session = await openSession({ engine, callId: "call-1", trace: recordTrace((line) => lines.push(line), { secrets: true }) })
    const { sdp } = await session.createOffer()
    await session.close()
    expect(read(lines).callId).toBe("call-1")
    const [, password = "none"] = /a=ice-pwd:(\S+)/.exec(sdp) ?? []
    expect(lines.join("")).toContain(password)
    const told: Array<string> = []
    const channel = { send: () => {}, subscribe: () => () => {} }
    const line = await openLine({ device: "phone", channel, engine, trace: recordTrace((text, callId) => told.push(`${callId} ${text}`)) })
    const call = await line.call("bob")
    await line.close()
    expect(told[0]).toMatch(new RegExp(`^${call.id} \\{"trace":"enigma-rtc","version":1,"callId":"${call.id}"`))
  })
})
