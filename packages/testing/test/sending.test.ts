import { describe, expect, it } from "@effect/vitest"
import { ChannelClosed, type RtcEvent, type SignalingMessage } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { hostLine, makeSubject, reach, tagsOf, theirAnswer, theirOffer, typesOf, unmarked } from "./session.ts"
import { settle } from "./settle.ts"

type Type = SignalingMessage["type"]

const noWay = (message: SignalingMessage) => Effect.fail(new ChannelClosed({ operation: `send ${message.type}` }))
/** The three ways in which a channel does not take a message, and what is told of each. */
const ways = {
  "fails to take": { send: noWay, told: (type: Type) => ({ _tag: "ChannelClosed", operation: `send ${type}` }) },
  "dies over": { send: () => Effect.die("a bug in a channel"), told: (type: Type) => ({ _tag: "ChannelClosed", operation: `sending ${type}`, cause: "a bug in a channel" }) },
  "never takes": { send: () => Effect.never, told: (type: Type) => ({ _tag: "ChannelClosed", operation: `sending ${type}`, limitMs: 10_000 }) }
}
type Way = keyof typeof ways
const wayNames = Object.keys(ways) as ReadonlyArray<Way>
/** A channel that takes everything but one type of message. */
const all = (but: Type, way: Way, taken: Array<SignalingMessage>) => (message: SignalingMessage): Effect.Effect<void, ChannelClosed> =>
  message.type === but ? ways[way].send(message) : Effect.sync(() => void taken.push(message))
const failedIn = (events: ReadonlyArray<RtcEvent>) => events.flatMap((event) => (event._tag === "SendFailed" ? [event] : []))
const inTime = Effect.andThen(TestClock.adjust("10 seconds"), settle)
const signalingFailed = { _tag: "Ended", by: "local", reason: "signaling_failed" }

describe("messages", () => {
  it.effect("are sent one at a time, in order", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const { session } = yield* makeSubject({
        candidates: 2,
        send: ({ type }) => Effect.gen(function*() {
          log.push(`begin ${type}`)
          yield* Effect.sleep("1 second")
          log.push(`end ${type}`)
        })
      })
      yield* session.createOffer()
      yield* TestClock.adjust("10 seconds")
      expect(log).toEqual(["offer", "ice_candidate", "ice_candidate"].flatMap((type) => [`begin ${type}`, `end ${type}`]))
    }))
  it.effect("that the channel never takes are given up, and those behind them have their own time", () =>
    Effect.gen(function*() {
      const tried: Array<string> = []
      const { events, session } = yield* makeSubject({
        candidates: 2,
        send: (message) => {
          tried.push(message.type)
          if (message.type === "offer") return Effect.void
          return tried.length === 2 ? Effect.never : Effect.sleep("9 seconds")
        }
      })
      yield* session.createOffer()
      yield* inTime
      expect(failedIn(events)).toHaveLength(1)
      yield* TestClock.adjust("9 seconds")
      expect(tried).toEqual(["offer", "ice_candidate", "ice_candidate"])
      expect(failedIn(events)).toMatchObject([{ message: { candidate: expect.stringContaining("candidate:1 ") }, error: ways["never takes"].told("ice_candidate") }])
      expect((yield* session.state)._tag).toBe("WaitingAnswer")
    }))
  it.effect("do not hold up a hangup, nor the closing of the scope, when the channel hangs", () =>
    Effect.gen(function*() {
      const { close, mock, session } = yield* makeSubject({ send: () => Effect.never })
      yield* session.createOffer()
      yield* session.hangup()
      expect((yield* session.state)._tag).toBe("Ended")
      expect(mock.peer.timesClosed).toBe(1)
      const closing = yield* Effect.forkScoped(close)
      yield* TestClock.adjust("30 seconds")
      yield* settle
      expect(closing.pollUnsafe()).toBeDefined()
    }))
})

describe.each(wayNames)("a channel that %s", (way) => {
  it.effect("an offer is told, and then the call ends, with a hangup", () =>
    Effect.gen(function*() {
      const taken: Array<SignalingMessage> = []
      const { events, mock, session } = yield* makeSubject({ send: all("offer", way, taken) })
      const offer = yield* session.createOffer()
      if (way === "never takes") {
        yield* TestClock.adjust(9_999)
        expect((yield* session.state)._tag).toBe("WaitingAnswer")
        yield* TestClock.adjust(1)
      }
      yield* settle
      expect(yield* session.state).toEqual(signalingFailed)
      expect(failedIn(events)).toMatchObject([{ message: offer, error: ways[way].told("offer") }])
      expect(tagsOf(events).slice(-4)).toEqual(["SendFailed", "StateChanged", "StateChanged", "ConnectionClosed"])
      expect(events.at(-1)).toEqual({ _tag: "ConnectionClosed", by: "local", reason: "signaling_failed" })
      expect(taken).toEqual([{ type: "hangup", reason: "signaling_failed", call_id: "call-1" }])
      expect(mock.peer.timesClosed).toBe(1)
      expect(yield* Effect.flip(session.acceptAnswer(theirAnswer))).toMatchObject({ _tag: "InvalidState", state: "Ended" })
    }))
  it.effect("an answer is told, and then the call ends, with a hangup", () =>
    Effect.gen(function*() {
      const taken: Array<SignalingMessage> = []
      const { events, mock, session } = yield* makeSubject({ send: all("answer", way, taken) })
      const answer = yield* session.acceptOffer(theirOffer)
      if (way === "never takes") {
        yield* TestClock.adjust(9_999)
        expect(yield* session.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
        yield* TestClock.adjust(1)
      }
      yield* settle
      expect(yield* session.state).toEqual(signalingFailed)
      expect(failedIn(events)).toMatchObject([{ message: answer, error: ways[way].told("answer") }])
      expect(tagsOf(events).slice(-4)).toEqual(["SendFailed", "StateChanged", "StateChanged", "ConnectionClosed"])
      expect(taken).toEqual([{ type: "hangup", reason: "signaling_failed", call_id: "call-1" }])
      expect(mock.peer.timesClosed).toBe(1)
    }))
  it.effect("a candidate is told, and the call goes on", () =>
    Effect.gen(function*() {
      const taken: Array<SignalingMessage> = []
      const { events, mock, session } = yield* makeSubject({ send: all("ice_candidate", way, taken) })
      yield* session.createOffer()
      mock.peer.trickle(hostLine(1))
      yield* settle
      if (way === "never takes") yield* inTime
      expect(failedIn(events)).toMatchObject([{ message: { type: "ice_candidate", call_id: "call-1" }, error: ways[way].told("ice_candidate") }])
      yield* session.acceptAnswer(theirAnswer)
      yield* settle
      expect(yield* session.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
      expect(typesOf(taken)).toEqual(["offer"])
    }))
  it.effect.each([
    ["a hangup in a call", "up", "hangup", "normal"],
    ["a hangup of a call that rings", "ringing", "hangup", "normal"],
    ["a decline", "ringing", "decline", "declined"]
  ] as const)("%s is told before the events end, and the reason stays", ([, situation, end, reason]) =>
    Effect.gen(function*() {
      const { events, session } = yield* reach(situation, { send: all("hangup", way, []) })
      const readers = yield* Effect.all([session.events, session.changes].map((stream: Stream.Stream<unknown>) => Effect.forkScoped(Stream.runDrain(stream))))
      yield* settle
      const [ofEvents, ofChanges] = readers
      const message = yield* session[end]()
      yield* settle
      // The call is over at once; only what may still be told waits for the channel.
      expect(yield* session.state).toEqual({ _tag: "Ended", by: "local", reason })
      expect(ofChanges?.pollUnsafe()).toMatchObject({ _tag: "Success" })
      if (way === "never takes") {
        expect(ofEvents?.pollUnsafe()).toBeUndefined()
        expect(failedIn(events)).toEqual([])
        yield* inTime
      }
      expect(failedIn(events)).toMatchObject([{ message, error: ways[way].told("hangup") }])
      expect(failedIn(events)[0]?.message).toEqual({ type: "hangup", reason, call_id: "call-1" })
      expect(tagsOf(events).filter((tag) => tag === "ConnectionClosed")).toHaveLength(1)
      expect(ofEvents?.pollUnsafe()).toMatchObject({ _tag: "Success" })
    }))
})

it.effect("an offer and a hangup that the channel does not take are both told, and the call ends once", () =>
  Effect.gen(function*() {
    const { events, session } = yield* makeSubject({ send: noWay })
    yield* session.createOffer()
    yield* settle
    expect(yield* session.state).toEqual(signalingFailed)
    expect(typesOf(failedIn(events).map(({ message }) => message))).toEqual(["offer", "hangup"])
    expect(tagsOf(events).filter((tag) => tag === "ConnectionClosed")).toHaveLength(1)
    expect(tagsOf(yield* Stream.runCollect(session.events))).toEqual(tagsOf(events))
  }))

it.effect("a message that fails after the user has hung up does not change the end", () =>
  Effect.gen(function*() {
    const { events, session } = yield* makeSubject({ send: all("offer", "never takes", []) })
    yield* session.createOffer()
    yield* session.hangup("busy")
    yield* inTime
    expect(yield* session.state).toEqual({ _tag: "Ended", by: "local", reason: "busy" })
    expect(tagsOf(events).filter((tag) => tag === "ConnectionClosed")).toHaveLength(1)
  }))

it.effect("a slow hangup keeps the events open until it is sent, and no longer", () =>
  Effect.gen(function*() {
    const { session } = yield* reach("up", { send: ({ type }) => (type === "hangup" ? Effect.sleep("3 seconds") : Effect.void) })
    const reader = yield* Effect.forkScoped(Stream.runDrain(session.events))
    yield* session.hangup()
    yield* TestClock.adjust("2999 millis")
    yield* settle
    expect(reader.pollUnsafe()).toBeUndefined()
    yield* TestClock.adjust(1)
    yield* settle
    expect(reader.pollUnsafe()).toMatchObject({ _tag: "Success" })
  }))

it.effect("events end operationTimeoutMs after the call at the latest, however much is still to be sent", () =>
  Effect.gen(function*() {
    const { mock, session } = yield* makeSubject({ send: ({ type }) => (type === "offer" ? Effect.void : Effect.never), config: { operationTimeoutMs: 2_000 } })
    yield* session.createOffer()
    for (let n = 0; n < 10; n++) mock.peer.trickle(hostLine(n))
    yield* settle
    const reader = yield* Effect.forkScoped(Stream.runDrain(session.events))
    yield* session.hangup()
    yield* TestClock.adjust(2_000)
    yield* settle
    expect(yield* Effect.timeoutOption(Fiber.join(reader), 0)).toMatchObject({ _tag: "Some" })
  }))

it.effect("a session without a send returns its messages, and tells its candidates", () =>
  Effect.gen(function*() {
    const { events, mock, session } = yield* makeSubject({ candidates: 1 })
    const offer = yield* session.createOffer()
    yield* settle
    expect({ ...offer, sdp: unmarked(offer.sdp) }).toEqual({ type: "offer", sdp: mock.peer.localDescription, call_id: "call-1", negotiation: 0 })
    expect(events).toContainEqual({ _tag: "LocalIceCandidate", message: expect.objectContaining({ type: "ice_candidate", call_id: "call-1", negotiation: 0 }) })
    expect(yield* session.hangup("busy")).toEqual({ type: "hangup", reason: "busy", call_id: "call-1" })
  }))
