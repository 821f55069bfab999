import { describe, expect, it } from "@effect/vitest"
import { ChannelClosed, type SignalingMessage } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { makeSubject, tagsOf, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

const noWay = (message: SignalingMessage) => Effect.fail(new ChannelClosed({ operation: `send ${message.type}` }))

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
  it.effect("that the channel does not take are told, and the call goes on", () =>
    Effect.gen(function*() {
      const { events, session } = yield* makeSubject({ send: noWay, candidates: 1 })
      const offer = yield* session.createOffer()
      yield* settle
      const failed = events.flatMap((event) => (event._tag === "SendFailed" ? [event] : []))
      expect(typesOf(failed.map(({ message }) => message))).toEqual(["offer", "ice_candidate"])
      expect(failed[0]).toMatchObject({ message: offer, error: { _tag: "ChannelClosed", operation: "send offer" } })
      // The app may have carried the offer itself.
      yield* session.acceptAnswer(theirAnswer)
      yield* settle
      expect(yield* session.state).toMatchObject({ _tag: "Connected" })
    }))
  it.effect("that the channel never takes are given up, and those behind them have their own time", () =>
    Effect.gen(function*() {
      const tried: Array<string> = []
      const { events, session } = yield* makeSubject({
        candidates: 1,
        send: ({ type }) => {
          tried.push(type)
          return type === "offer" ? Effect.never : Effect.sleep("5 seconds")
        }
      })
      yield* session.createOffer()
      yield* TestClock.adjust("10 seconds")
      yield* TestClock.adjust("5 seconds")
      expect(tried).toEqual(["offer", "ice_candidate"])
      const failed = events.flatMap((event) => (event._tag === "SendFailed" ? [event.message] : []))
      expect(typesOf(failed)).toEqual(["offer"])
    }))
  it.effect("a hangup that cannot be sent is told before the end, when the engine was closed and when none was open", () =>
    Effect.gen(function*() {
      const waiting = yield* makeSubject({ send: noWay })
      yield* waiting.session.createOffer()
      const ringing = yield* makeSubject({ send: noWay })
      yield* ringing.session.receive({ type: "offer", sdp: theirOffer })
      for (const { events, session } of [waiting, ringing]) {
        yield* session.hangup()
        yield* settle
        const failed = events.flatMap((event) => (event._tag === "SendFailed" ? [event.message.type] : []))
        expect(failed.at(-1)).toBe("hangup")
        expect(tagsOf(events).at(-1)).toBe("ConnectionClosed")
      }
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

it.effect("a session without a send returns its messages, and tells its candidates", () =>
  Effect.gen(function*() {
    const { events, mock, session } = yield* makeSubject({ candidates: 1 })
    const offer = yield* session.createOffer()
    yield* settle
    expect(offer).toEqual({ type: "offer", sdp: mock.peer.localDescription })
    expect(events).toContainEqual({ _tag: "LocalIceCandidate", message: expect.objectContaining({ type: "ice_candidate" }) })
    expect(yield* session.hangup("busy")).toEqual({ type: "hangup", reason: "busy" })
  }))
