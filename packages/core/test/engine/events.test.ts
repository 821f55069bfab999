import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { type DriverEvent, WebRtcError } from "../../src/index.ts"
import { settle } from "../settle.ts"
import { aChannel, handDriver, openApart, openHand, readEvents } from "./handDriver.ts"

const link = (state: "connecting" | "up" | "interrupted" | "failed"): DriverEvent => ({ _tag: "Link", state })
const track = { id: "t1", slot: "camera" } as const
const came: DriverEvent = { _tag: "RemoteTrack", track }
const went: DriverEvent = { _tag: "RemoteTrackEnded", track }

/** What a reader is told of what a driver tells. */
const heard = (...told: ReadonlyArray<DriverEvent>) =>
  Effect.gen(function*() {
    const hand = handDriver()
    const peer = yield* openHand(hand)
    const events = yield* readEvents(peer)
    for (const event of told) hand.emit(event)
    yield* settle
    return events
  })

describe("of what a stack tells", () => {
  it.effect("a state of the link is told once until it changes", () =>
    Effect.gen(function*() {
      const events = yield* heard(link("connecting"), link("connecting"), link("up"), link("up"), link("interrupted"), link("interrupted"), link("up"))
      expect(events).toEqual([link("connecting"), link("up"), link("interrupted"), link("up")])
    }))
  it.effect("connecting is told only before the link was up: Firefox says it in renegotiations", () =>
    Effect.gen(function*() {
      expect(yield* heard(link("up"), link("connecting"), link("up"))).toEqual([link("up")])
      expect(yield* heard(link("up"), link("interrupted"), link("connecting"), link("up"))).toEqual([link("up"), link("interrupted"), link("up")])
    }))
  it.effect("a track is told once, its end once, and its return again", () =>
    Effect.gen(function*() {
      expect(yield* heard(came, came, went, went, came, went)).toEqual([came, went, came, went])
    }))
  it.effect("the end of a track that never came is not told", () =>
    Effect.gen(function*() {
      expect(yield* heard(went)).toEqual([])
    }))
  it.effect("the failure is told once", () =>
    Effect.gen(function*() {
      const error = new WebRtcError({ engine: "hand", operation: "link", reason: { _tag: "Refused" } })
      expect(yield* heard({ _tag: "Failed", error }, { _tag: "Failed", error })).toEqual([{ _tag: "Failed", error }])
    }))
  it.effect("everything else is told as often as it happens", () =>
    Effect.gen(function*() {
      const others: ReadonlyArray<DriverEvent> = [
        { _tag: "NegotiationNeeded" },
        { _tag: "NegotiationNeeded" },
        { _tag: "LocalSourceEnded", slot: "camera", reason: "unplugged" },
        { _tag: "DataChannelOpened", channel: aChannel("chat") },
        { _tag: "DataChannelOpened", channel: aChannel("chat") }
      ]
      expect(yield* heard(...others)).toEqual(others)
    }))
})

describe("the events of a peer", () => {
  it.effect("are kept until they are first read, even by a reader who comes after the end", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const { close, peer } = yield* openApart(hand)
      hand.emit(link("connecting"))
      hand.emit(link("up"))
      yield* close
      expect(yield* Stream.runCollect(peer.events)).toEqual([link("connecting"), link("up")])
    }))
  it.effect("end when the scope closes, and say nothing of what the stack tells then", () =>
    Effect.gen(function*() {
      const hand = handDriver({ close: () => hand.emit(link("interrupted")) })
      const { close, peer } = yield* openApart(hand)
      const reader = yield* Effect.forkScoped(Stream.runCollect(peer.events))
      hand.emit(link("up"))
      yield* settle
      yield* close
      hand.emit(link("failed"))
      expect(yield* Fiber.join(reader)).toEqual([link("up")])
      expect(yield* Stream.runCollect(peer.events)).toEqual([])
    }))
  it.effect("are lost by no reader that stops: the next one gets the next event", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const { close, peer } = yield* openApart(hand)
      const told = Array.from({ length: 8 }, (_, n): DriverEvent => ({ _tag: "LocalSourceEnded", slot: "camera", reason: String(n) }))
      for (const event of told) hand.emit(event)
      expect(yield* Stream.runHead(peer.events)).toMatchObject({ value: told[0] })
      expect(yield* Stream.runCollect(Stream.take(peer.events, 2))).toEqual(told.slice(1, 3))
      const left = yield* Effect.promise(async () => {
        for await (const event of Stream.toAsyncIterable(peer.events)) return event
        return undefined
      })
      expect(left).toEqual(told[3])
      yield* close
      expect(yield* Stream.runCollect(peer.events)).toEqual(told.slice(4))
      expect(yield* Stream.runCollect(peer.events)).toEqual([])
    }))
  it.effect("are not lost to a reader that went away while it waited", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const peer = yield* openHand(hand)
      const waiting = yield* Effect.forkScoped(Stream.runHead(peer.events))
      yield* settle
      yield* Fiber.interrupt(waiting)
      hand.emit(link("up"))
      expect(yield* Stream.runHead(peer.events)).toMatchObject({ value: link("up") })
    }))
  it.effect("that nobody reads take a bounded place, and the newest stay", () =>
    Effect.gen(function*() {
      const hand = handDriver()
      const { close, peer } = yield* openApart(hand)
      for (let n = 0; n < 5_000; n++) hand.emit({ _tag: "LocalSourceEnded", slot: "camera", reason: String(n) })
      yield* close
      const events = yield* Stream.runCollect(peer.events)
      expect(events).toHaveLength(4_096)
      expect(events.at(-1)).toMatchObject({ reason: "4999" })
    }))
})
