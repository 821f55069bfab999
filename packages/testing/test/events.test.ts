import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { makeSubject, reach, statesOf, tagsOf, theirAnswer, theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

const flow = ["StateChanged", "StateChanged", "StateChanged", "ConnectionEstablished", "StateChanged", "StateChanged", "ConnectionClosed"]

describe("the events of a call", () => {
  it.effect("come once, in order, to each of several readers, and end after ConnectionClosed", () =>
    Effect.gen(function*() {
      const { events, session } = yield* makeSubject()
      const others = yield* Effect.forEach([1, 2], () => Effect.forkScoped(Stream.runCollect(session.events)))
      yield* settle
      yield* session.createOffer()
      yield* session.acceptAnswer(theirAnswer)
      yield* settle
      yield* session.hangup()
      for (const other of others) expect(yield* Fiber.join(other)).toEqual(events)
      expect(tagsOf(events)).toEqual(flow)
      expect(yield* Stream.runCollect(session.events)).toEqual(events)
    }))
  it.effect("come to a late reader from the first on", () =>
    Effect.gen(function*() {
      const { events, session } = yield* reach("up")
      const late = yield* Effect.forkScoped(Stream.runCollect(session.events))
      yield* settle
      yield* session.hangup()
      expect(yield* Fiber.join(late)).toEqual(events)
    }))
  it.effect("come one by one to nextEvent, and then it fails", () =>
    Effect.gen(function*() {
      const { session } = yield* reach("up")
      yield* session.hangup()
      const tags: Array<string> = []
      for (let n = 0; n < flow.length; n++) tags.push((yield* session.nextEvent)._tag)
      expect(tags).toEqual(flow)
      expect(yield* Effect.flip(session.nextEvent)).toMatchObject({ _tag: "ChannelClosed", operation: "nextEvent" })
    }))
  it.effect("that nobody reads take a bounded place: the last 256", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      for (let n = 0; n < 500; n++) {
        mock.peer.link("interrupted")
        mock.peer.link("up")
      }
      yield* settle
      yield* session.hangup()
      const kept = yield* Stream.runCollect(session.events)
      expect(kept).toHaveLength(256)
      expect(tagsOf(kept).slice(-3)).toEqual(["StateChanged", "StateChanged", "ConnectionClosed"])
    }))
  it.effect("name the state that the call is in when they are told", () =>
    Effect.gen(function*() {
      const { events, session } = yield* makeSubject()
      yield* session.receive({ type: "offer", sdp: theirOffer })
      yield* session.decline("busy")
      yield* settle
      expect(statesOf(events)).toEqual(["IncomingOffer", "Ended"])
      expect(events.at(-1)).toEqual({ _tag: "ConnectionClosed", by: "local", reason: "busy" })
    }))
})

describe("changes", () => {
  it.effect("begin with the state now, tell each one after it, and end", () =>
    Effect.gen(function*() {
      const { session } = yield* makeSubject()
      const reader = yield* Effect.forkScoped(Stream.runCollect(session.changes))
      yield* settle
      yield* session.createOffer()
      yield* session.acceptAnswer(theirAnswer)
      const late = yield* Effect.forkScoped(Stream.runCollect(session.changes))
      yield* settle
      yield* session.hangup()
      const seen = (yield* Fiber.join(reader)).map((state) => (state._tag === "Connected" ? state.media._tag : state._tag))
      expect(seen.filter((tag, i) => tag !== seen[i - 1])).toEqual(["Idle", "CreatingOffer", "WaitingAnswer", "Connecting", "Up", "Ending", "Ended"])
      expect((yield* Fiber.join(late)).map(({ _tag }) => _tag)).toEqual(["Connected", "Ending", "Ended"])
      expect((yield* Stream.runCollect(session.changes)).map(({ _tag }) => _tag)).toEqual(["Ended"])
    }))
})

describe("what the engine tells", () => {
  it.effect("reaches the app: tracks, sources and channels, each once", () =>
    Effect.gen(function*() {
      const { events, mock } = yield* reach("up")
      const end = mock.peer.remoteTrack("camera")
      mock.peer.remoteTrack("screen")
      end()
      end()
      mock.peer.emit({ _tag: "LocalSourceEnded", slot: "microphone", reason: "unplugged" })
      mock.peer.remoteDataChannel("chat")
      yield* settle
      expect(events.slice(4)).toEqual([
        { _tag: "RemoteTrack", track: { id: "mock-0-0", slot: "camera" } },
        { _tag: "RemoteTrack", track: { id: "mock-0-1", slot: "screen" } },
        { _tag: "RemoteTrackEnded", track: { id: "mock-0-0", slot: "camera" } },
        { _tag: "LocalSourceEnded", slot: "microphone", reason: "unplugged" },
        { _tag: "DataChannelOpened", channel: expect.objectContaining({ label: "chat" }) }
      ])
    }))
  it.effect("is not told after the end", () =>
    Effect.gen(function*() {
      const { events, mock } = yield* reach("ended")
      const before = [...events]
      mock.peer.remoteTrack("camera")
      mock.peer.link("up")
      yield* settle
      expect(events).toEqual(before)
    }))
  it.effect("established is told when media is up, never before", () =>
    Effect.gen(function*() {
      const { events, mock } = yield* reach("connecting")
      expect(tagsOf(events)).not.toContain("ConnectionEstablished")
      mock.peer.link("connecting")
      yield* settle
      expect(tagsOf(events)).not.toContain("ConnectionEstablished")
      mock.peer.link("up")
      yield* settle
      expect(tagsOf(events).at(-1)).toBe("ConnectionEstablished")
    }))
  it.effect("interrupted and restored are told in turn", () =>
    Effect.gen(function*() {
      const { events, mock } = yield* reach("up")
      for (const state of ["interrupted", "interrupted", "up", "connecting", "up", "interrupted"] as const) mock.peer.link(state)
      yield* settle
      expect(tagsOf(events).slice(4)).toEqual(["ConnectionInterrupted", "ConnectionRestored", "ConnectionInterrupted"])
    }))
})
