import { describe, expect, it } from "@effect/vitest"
import type { DataChannel } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { causeOf, connect, giveCandidates, negotiate, type One, openTwo, told } from "./mockPair.ts"
import { settle } from "./settle.ts"

const opened = (end: One) => told(end, "DataChannelOpened").map(({ channel }) => channel)
/** The channel that the far end has opened last. */
const theirs = (end: One): DataChannel => {
  const channel = opened(end).at(-1)
  if (channel === undefined) throw new Error("no channel was told")
  return channel
}
const take = (channel: DataChannel, count: number) => Stream.runCollect(Stream.take(channel.messages, count))
/** What waits unread in a channel that has ended; never comes back from one that is open. */
const rest = ({ messages }: DataChannel) => Stream.runCollect(messages)
const isOpen = (channel: DataChannel) =>
  Effect.gen(function*() {
    const reading = yield* Effect.forkChild(Stream.runDrain(channel.messages))
    yield* settle
    const open = reading.pollUnsafe() === undefined
    yield* Fiber.interrupt(reading)
    return open
  })
const withChannel = Effect.gen(function*() {
  const two = yield* connect({ enableData: true })
  const here = yield* two.ann.peer.openDataChannel("chat", { protocol: "text" })
  yield* settle
  return { ...two, here, there: theirs(two.bob) }
})

describe("a channel of the mock on a network", () => {
  it.effect("opens when media is up and not before, told once at the far end, with its label and protocol", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo(undefined, { enableData: true })
      yield* negotiate(ann, bob)
      const opening = yield* Effect.forkScoped(ann.peer.openDataChannel("chat", { protocol: "text" }))
      yield* settle
      expect([opening.pollUnsafe(), opened(bob)]).toEqual([undefined, []])
      yield* giveCandidates(ann, bob)
      const here = yield* Fiber.join(opening)
      expect([here.label, here.protocol]).toEqual(["chat", "text"])
      expect(opened(bob).map(({ label, protocol }) => [label, protocol])).toEqual([["chat", "text"]])
      expect(opened(ann)).toEqual([])
    }))
  it.effect("that media never comes up for fails in time", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo(undefined, { enableData: true })
      yield* negotiate(ann, bob)
      const opening = yield* Effect.forkScoped(Effect.flip(ann.peer.openDataChannel("chat")))
      yield* settle
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(opening)).toMatchObject({ operation: "openDataChannel", reason: { _tag: "Timeout" } })
    }))
  it.effect("needs a section in both descriptions, and may have one later", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      expect(yield* causeOf(ann.peer.openDataChannel("chat"))).toBe("OperationError")
      yield* bob.change({ data: true })
      const offer = yield* bob.peer.createOffer()
      expect(yield* causeOf(bob.peer.openDataChannel("chat"))).toBe("OperationError")
      const answer = yield* ann.peer.createAnswer(offer)
      // One end has agreed, and the other has not heard of it yet.
      const opening = yield* Effect.forkScoped(ann.peer.openDataChannel("chat"))
      yield* settle
      expect(opening.pollUnsafe()).toBeUndefined()
      yield* bob.peer.applyAnswer(answer)
      yield* Fiber.join(opening)
      yield* settle
      expect(opened(bob)).toHaveLength(1)
    }))
  it.effect("is none where the answer refuses the section", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo({}, { enableData: true })
      const answer = yield* bob.peer.createAnswer(yield* ann.peer.createOffer())
      yield* ann.peer.applyAnswer(answer.replace("m=application 9", "m=application 0"))
      expect(yield* causeOf(ann.peer.openDataChannel("chat"))).toBe("OperationError")
    }))
  it.effect("carries text and bytes, empty ones too, in order, both ways", () =>
    Effect.gen(function*() {
      const { ann, bob, here, there } = yield* withChannel
      const messages = ["one", "", new Uint8Array([0, 255]), new Uint8Array(0), "grüß dich 👋"]
      for (const [from, to, end] of [[here, there, ann], [there, here, bob]] as const) {
        yield* Effect.forEach(messages, from.send)
        expect(yield* take(to, messages.length)).toEqual(messages)
        expect(end.mock.peer.messagesSent).toEqual(messages.map((data) => ({ label: "chat", data })))
      }
    }))
  it.effect("carries copies: what the sender writes into its bytes later does not arrive", () =>
    Effect.gen(function*() {
      const { ann, here, there } = yield* withChannel
      const bytes = new Uint8Array([1, 2])
      yield* here.send(bytes)
      bytes.fill(9)
      const [got] = yield* take(there, 1)
      expect(got).toEqual(new Uint8Array([1, 2]))
      expect(ann.mock.peer.messagesSent).toEqual([{ label: "chat", data: new Uint8Array([1, 2]) }])
    }))
  it.effect("is a stream of its own beside others of its label, whoever opened them", () =>
    Effect.gen(function*() {
      const { ann, bob, here, there } = yield* withChannel
      const second = yield* bob.peer.openDataChannel("chat")
      yield* settle
      yield* second.send("of the second")
      yield* here.send("of the first")
      expect(yield* take(theirs(ann), 1)).toEqual(["of the second"])
      expect(yield* take(there, 1)).toEqual(["of the first"])
    }))
  it.effect("holds what is sent while the path is cut, and gives it in order when it is mended", () =>
    Effect.gen(function*() {
      const { here, network, there } = yield* withChannel
      network.cut()
      yield* Effect.forEach(["a", new Uint8Array(3), "ü€👋"], here.send)
      yield* there.send("back")
      expect(yield* here.bufferedAmount).toBe(1 + 3 + 2 + 3 + 4)
      expect([yield* isOpen(here), yield* isOpen(there)]).toEqual([true, true])
      yield* TestClock.adjust("10 seconds")
      network.mend()
      yield* settle
      expect(yield* take(there, 3)).toEqual(["a", new Uint8Array(3), "ü€👋"])
      expect(yield* take(here, 1)).toEqual(["back"])
      expect(yield* here.bufferedAmount).toBe(0)
    }))
  it.effect("goes on after an ICE restart of a path that had failed", () =>
    Effect.gen(function*() {
      const { ann, bob, here, network, there } = yield* withChannel
      network.cut()
      yield* here.send("late")
      yield* TestClock.adjust("20 seconds")
      network.mend()
      bob.candidates.splice(0)
      yield* negotiate(bob, ann, true)
      expect([...ann.links, ...bob.links].filter((state) => state === "failed")).toHaveLength(2)
      yield* giveCandidates(bob, ann)
      expect(yield* take(there, 1)).toEqual(["late"])
    }))
})

describe("a channel of the mock ends", () => {
  const refused = { _tag: "WebRtcError", engine: "mock", operation: "send", reason: { _tag: "Refused" } }
  for (const closer of ["opener", "other end"] as const) {
    it.effect(`at both ends when the ${closer} closes it, after what was sent before, and takes nothing more`, () =>
      Effect.gen(function*() {
        const { here, there } = yield* withChannel
        const [near, far] = closer === "opener" ? [here, there] : [there, here]
        yield* near.send("last words")
        yield* near.close
        yield* near.close
        expect(yield* rest(near)).toEqual([])
        expect(yield* rest(far)).toEqual(["last words"])
        for (const channel of [near, far]) expect(yield* Effect.flip(channel.send("late"))).toMatchObject(refused)
      }))
  }
  it.effect("at the far end only after a cut, behind what waits", () =>
    Effect.gen(function*() {
      const { here, network, there } = yield* withChannel
      network.cut()
      yield* here.send("last words")
      yield* here.close
      expect(yield* isOpen(there)).toBe(true)
      network.mend()
      expect(yield* rest(there)).toEqual(["last words"])
    }))
  it.effect("with the scope that it was opened in, and the connection goes on", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect({ enableData: true })
      const scope = yield* Scope.make()
      yield* Scope.provide(ann.peer.openDataChannel("short"), scope)
      yield* Scope.close(scope, Exit.void)
      yield* settle
      expect(yield* rest(theirs(bob))).toEqual([])
      expect([ann.links.at(-1), bob.links.at(-1)]).toEqual(["up", "up"])
    }))
  it.effect("at both ends when either connection closes", () =>
    Effect.gen(function*() {
      for (const who of ["ann", "bob"] as const) {
        const two = yield* withChannel
        yield* two[who].close
        expect([yield* rest(two.here), yield* rest(two.there)]).toEqual([[], []])
        for (const channel of [two.here, two.there]) expect(yield* Effect.flip(channel.send("late"))).toMatchObject(refused)
      }
    }))
  it.effect("when the path has failed, if the far end has closed unheard", () =>
    Effect.gen(function*() {
      const { bob, here, network } = yield* withChannel
      network.cut()
      yield* bob.close
      expect(yield* isOpen(here)).toBe(true)
      yield* TestClock.adjust("15 seconds")
      yield* settle
      expect(yield* rest(here)).toEqual([])
    }))
  it.effect("when its reader leaves too much unread, with what waits and an error, and at the far end", () =>
    Effect.gen(function*() {
      const { here, there } = yield* withChannel
      const megabyte = new Uint8Array(2 ** 20)
      for (let i = 0; i < 16; i++) yield* here.send(megabyte)
      expect(yield* Effect.flip(here.send("one more"))).toMatchObject(refused)
      expect(yield* Effect.flip(Stream.runDrain(there.messages))).toMatchObject({ reason: { _tag: "TooMany" } })
      expect(yield* rest(here)).toEqual([])
    }))
})
