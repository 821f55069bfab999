/** Calls of lines through a room: who hears whom. */
import dns from "node:dns"
import type { RtpSource } from "@enigma-rtc/engine-sfu/node"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { expect, it, vi } from "vitest"
import { aliceAndBob, connect, listen, openLine, until } from "../src/calls.ts"
import { startServer } from "../src/rig.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

it("a call is up, and both hear and see each other", scoped(Effect.gen(function*() {
  const { here, there } = yield* aliceAndBob(yield* startServer())
  for (const end of [here, there]) for (const slot of ["microphone", "camera"] as const) yield* end.untilHeard(slot)
  // mediasoup-client wants a page's constructors.
  expect("RTCPeerConnection" in globalThis || "MediaStream" in globalThis).toBe(false)
})), 30_000)

it("no STUN server is asked that the app has not named", scoped(Effect.gen(function*() {
  const lookups = vi.spyOn(dns.promises, "lookup")
  yield* Effect.addFinalizer(() => Effect.sync(() => lookups.mockRestore()))
  const server = yield* startServer()
  const { here } = yield* aliceAndBob(server)
  yield* here.untilHeard("microphone")
  expect(lookups.mock.calls.map(([name]) => name)).toEqual([])
  // The spy sees what is asked.
  const iceServers = [{ urls: "stun:stun.invalid:3478" }]
  const carol = yield* openLine(memoryRelay(), server, "carol", { options: { iceServers } })
  yield* carol.line.call("dave")
  yield* until("the named one is asked", Effect.sync(() => lookups.mock.calls.some(([name]) => name === "stun.invalid")))
})), 30_000)

it("nothing is sent while it rings", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  let listeners = 0
  const microphone: RtpSource = {
    kind: "audio",
    formats: [{ mimeType: "audio/opus", clockRate: 48_000, channels: 2 }],
    subscribe: () => {
      listeners += 1
      return () => {}
    }
  }
  const alice = yield* openLine(relay, server, "alice", { options: { media: { microphone: Effect.succeed(microphone) } } })
  const bob = yield* openLine(relay, server, "bob")
  yield* alice.line.call("bob")
  const far = yield* Effect.flatMap(Stream.runHead(bob.line.incoming), Effect.fromOption)
  yield* Effect.sleep(500)
  expect(listeners).toBe(0)
  yield* far.accept()
  yield* until("it is sent", Effect.sync(() => listeners === 1))
})), 30_000)

it("a microphone that is muted in one call goes on in another, and is sent to the server once", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const alice = yield* openLine(relay, server, "alice")
  const bob = yield* openLine(relay, server, "bob")
  const carol = yield* openLine(relay, server, "carol")
  const toBob = yield* connect(alice.line, bob.line, "bob")
  const toCarol = yield* connect(alice.line, carol.line, "carol")
  yield* toBob.near.setMicrophoneEnabled(false)
  expect(yield* toBob.there.isSilent("microphone")).toBe(true)
  yield* toCarol.there.untilHeard("microphone")
  yield* toCarol.near.hold
  expect(yield* toCarol.there.isSilent("camera")).toBe(true)
  yield* toBob.there.untilHeard("camera")
  yield* toBob.near.setMicrophoneEnabled(true)
  yield* toBob.there.untilHeard("microphone")
})), 40_000)

it("the room tells who comes and goes", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const alice = yield* openLine(relay, server, "alice")
  const seen: Array<ReadonlyArray<string>> = []
  yield* Effect.forkScoped(Stream.runForEach(alice.room.peers, (peers) => Effect.sync(() => seen.push(peers))))
  yield* Effect.scoped(openLine(relay, server, "bob"))
  yield* until("bob came and went", Effect.sync(() => seen.some((peers) => peers.join() === "bob") && seen.at(-1)?.length === 0))
  expect(yield* alice.room.peer).toBe("alice")
})), 20_000)

it("six are in calls with each other, over two transports each, and hear all the others", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const names = ["a", "b", "c", "d", "e", "f"]
  const lines = yield* Effect.forEach(names, (name) => openLine(relay, server, name))
  const calls = []
  for (const [i, from] of lines.entries()) for (const to of lines.slice(i + 1)) calls.push(yield* connect(from.line, to.line, to.name))
  expect(calls.length).toBe(15)
  yield* Effect.forEach(calls.flatMap(({ here, there }) => [here, there]), (end) => end.untilHeard("microphone"), { concurrency: 10, discard: true })
  const figures = yield* server.figures
  expect(JSON.stringify(figures)).toContain('"transports":12')
})), 120_000)

it("a channel carries messages both ways, and tells of its end after the last of them", scoped(Effect.gen(function*() {
  const { far, near } = yield* aliceAndBob(yield* startServer())
  const there = yield* listen(far)
  const channel = yield* near.openDataChannel("chat")
  yield* until("it opened there", Effect.sync(() => there.saw("DataChannelOpened") === 1))
  const opened = there.events.find((event) => event._tag === "DataChannelOpened")
  if (opened?._tag !== "DataChannelOpened") return expect.unreachable()
  const texts = Array.from({ length: 300 }, (_, i) => `${i} ${"x".repeat(i * 10)}`)
  yield* Effect.forEach(texts, channel.send, { discard: true })
  yield* channel.close
  expect(yield* Stream.runCollect(opened.channel.messages)).toEqual(texts)
})), 30_000)

it("who stays while others come and go, with a microphone or with a camera, hears and sees each of them", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const alice = yield* openLine(relay, server, "alice")
  for (let i = 0; i < 8; i++) {
    yield* Effect.scoped(Effect.gen(function*() {
      const sees = i % 2 === 1
      const name = `guest${i}`
      const guest = yield* openLine(relay, server, name, { config: { enableAudio: !sees, enableVideo: sees } })
      const { far, near, there, here } = yield* connect(guest.line, alice.line, "alice")
      for (const end of [here, there]) yield* end.untilHeard(sees ? "camera" : "microphone")
      const channel = yield* far.openDataChannel("a channel")
      yield* channel.send("hello")
      yield* near.hangup()
    }))
  }
})), 60_000)

it("megabytes that three send to one at once all arrive, in order", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const relay = memoryRelay()
  const alice = yield* openLine(relay, server, "alice")
  const block = "x".repeat(16_000)
  const numbers = Array.from({ length: 100 }, (_, i) => String(i))
  const channels = yield* Effect.forEach(["b", "c", "d"], (name) =>
    Effect.gen(function*() {
      const { line } = yield* openLine(relay, server, name)
      const { near, there } = yield* connect(line, alice.line, "alice")
      const out = yield* near.openDataChannel("bulk")
      yield* until("it opened there", Effect.sync(() => there.saw("DataChannelOpened") === 1))
      const opened = there.events.find((event) => event._tag === "DataChannelOpened")
      if (opened?._tag !== "DataChannelOpened") return expect.unreachable()
      return { out, messages: opened.channel.messages }
    }))
  yield* Effect.forEach(channels, ({ messages, out }) =>
    Effect.gen(function*() {
      const reading = yield* Effect.forkScoped(Stream.runCollect(Stream.take(messages, numbers.length)), { startImmediately: true })
      yield* Effect.forEach(numbers, (number) => out.send(`${number} ${block}`), { discard: true })
      expect((yield* Fiber.join(reading)).map((text) => String(text).split(" ")[0])).toEqual(numbers)
    }), { concurrency: 3 })
})), 60_000)
