/** What a data channel carries, and how it is announced to the far end. */
import type { DataOptions } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { connectPair, nothing, openPair } from "./pair.ts"
import { udpRelay } from "./udpRelay.ts"
import { until } from "./until.ts"
import { RTCPeerConnection } from "../src/werift.ts"

const dataOnly = { left: { ...nothing, data: true }, right: nothing }

describe("a data channel over werift", () => {
  it.live("carries an empty text and empty bytes, in their places among others", () =>
    Effect.gen(function*() {
      const { a, b } = yield* connectPair(dataOnly)
      const here = yield* a.peer.openDataChannel("empty")
      yield* until("the channel", () => b.channels.length === 1)
      const sent = ["first", "", new Uint8Array(0), "last"]
      for (const message of sent) yield* here.send(message)
      const there = b.channels[0]
      const received = there === undefined ? [] : yield* Stream.runCollect(Stream.take(there.messages, sent.length)).pipe(Effect.timeout("3 seconds"))
      expect(received).toEqual(sent)
      expect(yield* here.bufferedAmount).toBe(0)
    }).pipe(Effect.scoped))

  it.live("carries messages of 64 KiB both ways, and refuses a larger one with an error", () =>
    Effect.gen(function*() {
      const { a, b } = yield* connectPair(dataOnly)
      const here = yield* a.peer.openDataChannel("large")
      yield* until("the channel", () => b.channels.length === 1)
      const there = b.channels[0]
      if (there === undefined) return
      for (const [from, to] of [[here, there], [there, here]] as const) {
        const reading = yield* Effect.forkScoped(Stream.runCollect(Stream.take(to.messages, 3)))
        for (const size of [65_535, 65_536, 1]) yield* from.send(new Uint8Array(size).fill(size % 251))
        const received = yield* Fiber.join(reading)
        expect(received.map((data) => data.length)).toEqual([65_535, 65_536, 1])
      }
      expect(yield* Effect.flip(here.send(new Uint8Array(65_537)))).toMatchObject({ operation: "send", reason: { _tag: "Refused" } })
    }).pipe(Effect.scoped))

  it.live("is announced as it is: out of order, with its limits, and with a label beyond ASCII", () =>
    Effect.gen(function*() {
      const { a } = yield* openPair(dataOnly)
      const far = new RTCPeerConnection({ iceServers: [], iceUseIpv6: false })
      yield* Effect.addFinalizer(() => Effect.promise(() => far.close()))
      const announced = new Map<string, unknown>()
      far.onDataChannel.subscribe(({ label, maxPacketLifeTime, maxRetransmits, ordered, protocol }) => {
        announced.set(label, { ordered, maxRetransmits, maxPacketLifeTime, protocol })
      })
      const offer = yield* a.offer()
      yield* Effect.promise(() => far.setRemoteDescription({ type: "offer", sdp: offer }))
      const answer = yield* Effect.promise(async () => far.setLocalDescription(await far.createAnswer()))
      yield* a.peer.applyAnswer(answer.toSdp().sdp)
      for (const { candidate } of a.candidates) {
        if (candidate !== "") yield* Effect.promise(() => far.addIceCandidate({ candidate, sdpMid: "0" }))
      }
      yield* a.peer.openDataChannel("plain")
      yield* a.peer.openDataChannel("Grüße, 你好", { ordered: false, protocol: "prötokoll" })
      yield* a.peer.openDataChannel("few", { ordered: false, maxRetransmits: 3 })
      yield* a.peer.openDataChannel("soon", { ordered: false, maxPacketLifeTimeMs: 700 })
      yield* a.peer.openDataChannel("none", { maxRetransmits: 0 })
      yield* until("all of them", () => announced.size === 5)
      expect(Object.fromEntries(announced)).toEqual({
        plain: { ordered: true, maxRetransmits: null, maxPacketLifeTime: null, protocol: "" },
        "Grüße, 你好": { ordered: false, maxRetransmits: null, maxPacketLifeTime: null, protocol: "prötokoll" },
        few: { ordered: false, maxRetransmits: 3, maxPacketLifeTime: null, protocol: "" },
        soon: { ordered: false, maxRetransmits: null, maxPacketLifeTime: 700, protocol: "" },
        none: { ordered: true, maxRetransmits: 0, maxPacketLifeTime: null, protocol: "" }
      })
    }).pipe(Effect.scoped))

  const limited: ReadonlyArray<readonly [string, DataOptions, ReadonlyArray<string>]> = [
    ["no limit, all", {}, ["before", "lost 1", "lost 2", "after"]],
    ["no retransmission, what was not lost", { maxRetransmits: 0 }, ["before", "after"]],
    ["a lifetime of 100 ms, what did not grow older", { maxPacketLifeTimeMs: 100 }, ["before", "after"]]
  ]
  for (const [what, options, expected] of limited) {
    it.live(`delivers, with ${what}, when packets are lost`, () =>
      Effect.gen(function*() {
        const relay = yield* udpRelay
        const { a, b } = yield* connectPair({ ...dataOnly, relay })
        const here = yield* a.peer.openDataChannel("limited", options)
        yield* until("the channel", () => b.channels.length === 1)
        const [there] = b.channels
        if (there === undefined) return
        const received: Array<string | Uint8Array> = []
        yield* Effect.forkScoped(Stream.runForEach(there.messages, (message) => Effect.sync(() => received.push(message))))
        yield* here.send("before")
        yield* until("the first", () => received.length === 1)
        relay.isCut = true
        for (const message of ["lost 1", "lost 2"]) yield* here.send(message)
        yield* Effect.sleep(300)
        relay.isCut = false
        yield* here.send("after")
        yield* until("the last", () => received.includes("after"), 10_000)
        expect(received).toEqual(expected)
      }).pipe(Effect.scoped), 20_000)
  }

  it.live("that is reliable loses nothing when another one, with a limit, gives up its messages", () =>
    Effect.gen(function*() {
      const relay = yield* udpRelay
      const { a, b } = yield* connectPair({ ...dataOnly, relay })
      const reliable = yield* a.peer.openDataChannel("reliable")
      const limited = yield* a.peer.openDataChannel("limited", { maxRetransmits: 0 })
      yield* until("the channels", () => b.channels.length === 2)
      const received: Array<string | Uint8Array> = []
      for (const { messages } of b.channels) {
        yield* Effect.forkScoped(Stream.runForEach(messages, (message) => Effect.sync(() => received.push(message))))
      }
      relay.isCut = true
      yield* reliable.send("kept 1")
      yield* limited.send("lost")
      yield* reliable.send("kept 2")
      yield* Effect.sleep(300)
      relay.isCut = false
      yield* limited.send("after")
      yield* reliable.send("kept 3")
      yield* until(() => `the kept ones among ${String(received)}`, () => ["kept 1", "kept 2", "kept 3"].every((one) => received.includes(one)), 10_000)
      expect(received).not.toContain("lost")
    }).pipe(Effect.scoped), 20_000)

  it.live("asked for before media is up opens when it is, at either end", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* openPair({ left: { ...nothing, data: true }, right: { ...nothing, data: true } })
      const opening = yield* Effect.forkScoped(Effect.all([a.peer.openDataChannel("from a"), b.peer.openDataChannel("from b")], { concurrency: 2 }))
      yield* Effect.yieldNow
      yield* round(a, b)
      const channels = yield* Fiber.join(opening).pipe(Effect.timeout("5 seconds"))
      expect(channels.map(({ label }) => label)).toEqual(["from a", "from b"])
      yield* until("both at the far ends", () => a.channels.length === 1 && b.channels.length === 1)
      expect([a.channels[0]?.label, b.channels[0]?.label]).toEqual(["from b", "from a"])
    }).pipe(Effect.scoped))
})
