/** A peer that sends without end what a line cannot use: nothing grows, and the line goes on. R2 and R4. */
import { describe, expect, it } from "@effect/vitest"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { CallLine, type Incoming, type SignalingMessage } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { MockEngine } from "../src/index.ts"
import { lastRang, openEnd } from "./line.ts"
import { theirOffer } from "./session.ts"
import { settle } from "./settle.ts"
import { makeWire, pass } from "./wire.ts"

const offer = { type: "offer", sdp: theirOffer, from: "far.1", seq: 0, call_id: "c1", negotiation: 0 }
/** Texts that come again, come late, or are ahead of what is known: the n-th of each. */
const floods: { readonly [name: string]: (n: number, line: string) => object } = {
  repeated: () => offer,
  echoes: (n, line) => ({ type: "hangup", from: line, seq: n, call_id: "c1" }),
  "for another line": (n) => ({ type: "hangup", from: "other.1", to: "else.1", seq: n + 1, base: 0, call_id: `x${n}` }),
  "without a beginning": (n) => ({ type: "hangup", from: `new${n}.1`, seq: n + 1, call_id: `x${n}` }),
  ahead: (n) => ({ type: "hangup", reason: "x".repeat(500), from: "far.1", seq: 3 + (n % 60), base: 0, call_id: "c1" }),
  "far ahead": (n) => ({ type: "hangup", from: "far.1", seq: 1_000 + n, base: 0, call_id: "c1" }),
  "acknowledgements of nothing": (n, line) => ({ type: "ack", from: "far.1", to: line, ack: 1_000 + n }),
  "new lines": (n) => ({ type: "hangup", from: `dev${n}.1`, seq: 0, base: 0, call_id: `x${n}` }),
  "new starts of one device": (n) => ({ type: "hangup", from: `dev.${String(n).padStart(9, "0")}`, seq: 0, base: 0, call_id: `x${n}` }),
  "future types": (n) => ({ type: "restart", from: "late.9", seq: n, base: 0, call_id: `x${n}` }),
  garbled: (n) => ({ type: "offer", sdp: "no", call_id: `x${n}` }),
  early: (n) => ({ type: "ice_candidate", candidate: "", call_id: `x${n}` })
}

/** A line in a call with `far.1`, which acknowledges nothing, and a way to give it many texts. */
const inCall = Effect.gen(function*() {
  const inbox = yield* Queue.unbounded<Incoming>()
  const sent: Array<SignalingMessage> = []
  let said = 0
  const line = yield* CallLine.make({
    device: "phone",
    channel: {
      incoming: Stream.fromQueue(inbox),
      send: (text) =>
        Effect.sync(() => {
          said++
          sent.push(JSON.parse(text) as SignalingMessage)
          // Of what is said the last is enough.
          if (sent.length > 16) sent.shift()
        })
    }
  }).pipe(Effect.provide(MockEngine.make().layer))
  const give = (count: number, make: (n: number) => object) =>
    Effect.gen(function*() {
      for (let n = 0; n < count; n++) {
        Queue.offerUnsafe(inbox, { peer: "eve", text: JSON.stringify(make(n)) })
        if (n % 500 !== 499 && n !== count - 1) continue
        while ((yield* Queue.size(inbox)) > 0) yield* settle
      }
      yield* settle
    })
  yield* give(1, () => offer)
  const call = yield* Effect.flatMap(Stream.runHead(line.incoming), Effect.fromOption)
  yield* call.accept()
  yield* settle
  return { line, call, give, sent, said: () => said }
})

describe("50,000 texts that are repeated, stale, early and ahead", () => {
  it.effect("leave the heap as it was, and the call goes on; few texts answer them", () =>
    Effect.gen(function*() {
      setFlagsFromString("--expose-gc")
      const collect = runInNewContext("gc") as () => void
      const { call, give, line, said } = yield* inCall
      const names = Object.keys(floods)
      const flood = (count: number, from: number) =>
        give(count, (n) => floods[names[n % names.length] ?? ""]?.(from + Math.floor(n / names.length), line.from) ?? {})
      const heap = () => {
        collect()
        return process.memoryUsage().heapUsed
      }
      yield* flood(5_000, 0)
      const before = heap()
      const saidBefore = said()
      yield* flood(50_000, 1_000)
      // 20 bytes a text would be a leak.
      expect(heap() - before).toBeLessThan(1_000_000)
      expect(said() - saidBefore).toBeLessThan(1_000)
      expect((yield* call.state)._tag).toBe("Connected")
    }), 30_000)
  it.effect.each(Object.keys(floods))("of one kind, %s, leave the heap as it was", (name) =>
    Effect.gen(function*() {
      setFlagsFromString("--expose-gc")
      const collect = runInNewContext("gc") as () => void
      const { call, give, line } = yield* inCall
      const heap = () => {
        collect()
        return process.memoryUsage().heapUsed
      }
      yield* give(1_500, (n) => floods[name]?.(n, line.from) ?? {})
      const before = heap()
      yield* give(4_000, (n) => floods[name]?.(1_500 + n, line.from) ?? {})
      expect(heap() - before).toBeLessThan(400_000)
      expect((yield* call.state)._tag).toBe("Connected")
    }), 30_000)
})

it.effect("calls without end that are turned away, while a call is on whose peer acknowledges nothing, are not all kept", () =>
  Effect.gen(function*() {
    const { call, give, sent } = yield* inCall
    yield* give(2_500, (n) => ({ type: "offer", sdp: theirOffer, from: "tab.7", seq: n, base: 0, call_id: `o${n}`, negotiation: 0 }))
    expect((yield* call.state)._tag).toBe("Connected")
    yield* call.hangup()
    yield* settle
    const last = sent.findLast((message) => message.type === "hangup")
    if (last?.type !== "hangup") throw new Error("nothing was said")
    // What is kept is what lies between.
    expect((last.seq ?? 0) - (last.base ?? 0)).toBeLessThan(1_100)
  }), 30_000)

it.effect("SIG-16: of calls without end that are turned away no more is told while more than 64 messages are owed, and again when they are taken", () =>
  Effect.gen(function*() {
    const { give, line, sent } = yield* inCall
    yield* give(200, (n) => ({ type: "offer", sdp: theirOffer, from: "tab.7", seq: n, base: 0, call_id: `o${n}`, negotiation: 0 }))
    const owed = () => {
      const last = sent.findLast((message) => message.type === "hangup")
      return last?.type === "hangup" ? [last.base, last.seq] : []
    }
    const [base = 0, seq = 0] = owed()
    // The answer and 64 hangups: as long as 64 are owed, one more is.
    expect(seq - base).toBe(64)
    for (const from of ["far.1", "tab.7"]) yield* give(1, () => ({ type: "ack", from, to: line.from, ack: seq + 1 }))
    yield* give(1, () => ({ type: "offer", sdp: theirOffer, from: "tab.7", seq: 200, base: 0, call_id: "o200", negotiation: 0 }))
    expect(sent.at(-1)).toMatchObject({ type: "hangup", reason: "busy", to: "tab.7", call_id: "o200", seq: seq + 1 })
  }), 30_000)

it.effect("calls of 300 strangers that are turned away do not make a line forget what it has said in the call that is on", () =>
  Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann"), "phone", { maxCalls: 1 })
    const bob = yield* openEnd(wire.join("bob"), "desk")
    const calling = yield* ann.line.call("bob")
    yield* settle
    yield* lastRang(bob).accept()
    yield* pass(1_000)
    for (let n = 0; n < 300; n++) yield* wire.inject("ann", `stranger${n}`, { ...offer, call_id: `s${n}` })
    expect(wire.of("ann", "hangup").filter(({ message }) => message.type === "hangup" && message.reason === "busy")).toHaveLength(300)
    yield* calling.hangup()
    yield* pass(10_000)
    expect(yield* lastRang(bob).state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
  }), 30_000)
