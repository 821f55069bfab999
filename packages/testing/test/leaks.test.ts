import { describe, expect, it } from "@effect/vitest"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { CallLine, type Incoming } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { MockEngine } from "../src/index.ts"
import { connect, lastRang, offer, openPair } from "./line.ts"
import { tagsOf } from "./session.ts"
import { settle } from "./settle.ts"

const calls = 200

/** Bytes that each of a round's calls leaves behind, over many rounds: in one, code is compiled, or a table grows. */
const growth = <E, R>(heapAfterRound: Effect.Effect<number, E, R>, callsOfRound: number): Effect.Effect<number, E, R> =>
  Effect.gen(function*() {
    const rounds = 6
    yield* heapAfterRound
    const before = yield* heapAfterRound
    let after = before
    for (let n = 0; n < rounds; n++) after = yield* heapAfterRound
    return Math.round((after - before) / rounds / callsOfRound)
  })

describe(`${calls} calls in a row on one pair of lines`, () => {
  it.effect("leave no connection open, no call live, and nothing that goes on by itself", () =>
    Effect.gen(function*() {
      const pair = yield* openPair()
      const { ann, bob, relay } = pair
      for (let n = 0; n < calls; n++) {
        // Every way to end: by either end, in the call, while it rings, and before anybody knows.
        if (n % 4 === 3) {
          const calling = yield* ann.line.call("bob")
          yield* settle
          yield* n % 8 === 3 ? calling.hangup() : lastRang(bob).decline()
        } else {
          const { called, calling } = yield* connect(pair)
          yield* (n % 4 === 0 ? calling : called).hangup()
        }
        yield* settle
        const [last] = bob.rang.slice(-1)
        expect((yield* last?.state ?? Effect.die("nothing rang"))._tag).toBe("Ended")
      }
      expect(bob.rang).toHaveLength(calls)
      expect(ann.mock.peers).toHaveLength(calls)
      for (const { mock } of [ann, bob]) {
        expect(mock.peers.map(({ timesClosed }) => timesClosed).filter((times) => times !== 1)).toEqual([])
        // The last thing that a stack was asked was to close.
        expect(mock.peers.every(({ operations }) => operations.at(-1) === "close")).toBe(true)
      }
      for (const call of bob.rang) expect(tagsOf(yield* Stream.runCollect(call.events)).at(-1)).toBe("ConnectionClosed")

      // The last of all is acknowledged by itself, each way. Ends are told for 32 s, for devices that have said nothing;
      // then no timer and no resend is left: a day later nothing has been said, or done.
      const beforeAcks = relay.log.length
      yield* TestClock.adjust("50 millis")
      yield* settle
      expect(relay.log.slice(beforeAcks).map(({ text }) => (JSON.parse(text) as { readonly type: string }).type)).toEqual(["ack", "ack"])
      const ends = relay.log.length
      for (let second = 0; second < 34; second++) {
        yield* TestClock.adjust("1 second")
        yield* settle
      }
      const types = new Set(relay.log.slice(ends).map(({ text }) => (JSON.parse(text) as { readonly type: string }).type))
      expect([...types].filter((type) => type !== "hangup" && type !== "ack")).toEqual([])
      const said = relay.log.length
      yield* TestClock.adjust("1 day")
      yield* settle
      expect(relay.log).toHaveLength(said)

      // The lines hold none of them: 64 more calls find a free place each.
      for (let n = 0; n < 64; n++) yield* connect(pair)
      expect(bob.rang).toHaveLength(calls + 64)
      const states = yield* Effect.forEach(bob.rang.slice(-64), ({ state }) => state)
      expect(states.every(({ _tag }) => _tag === "Connected")).toBe(true)
      expect(yield* Effect.flip(ann.line.call("bob"))).toMatchObject({ reason: { _tag: "TooMany", limit: 64 } })
    }))

  it.effect("leave the heap as it was", () =>
    Effect.gen(function*() {
      setFlagsFromString("--expose-gc")
      const collect = runInNewContext("gc") as () => void
      const pair = yield* openPair()
      const heapAfterRound = Effect.gen(function*() {
        for (let n = 0; n < calls; n++) {
          const { calling } = yield* connect(pair)
          yield* calling.hangup()
          yield* settle
          // Who won a call is told for 32 s (R3, SIG-5), and for that long everything behind it is kept.
          yield* TestClock.adjust("1 second")
        }
        yield* TestClock.adjust("1 minute")
        // What the test itself has kept.
        pair.bob.rang.length = 0
        for (const { mock, receipts } of [pair.ann, pair.bob]) {
          ;(mock.peers as Array<unknown>).length = 0
          receipts.length = 0
        }
        ;(pair.relay.log as Array<unknown>).length = 0
        collect()
        return process.memoryUsage().heapUsed
      })
      expect(yield* growth(heapAfterRound, calls)).toBeLessThan(300)
    }), 20_000)
})

it.effect("calls that nobody has read, and that are over, leave the heap as it was", () =>
  Effect.gen(function*() {
    setFlagsFromString("--expose-gc")
    const collect = runInNewContext("gc") as () => void
    const inbox = yield* Queue.unbounded<Incoming>()
    yield* CallLine.make({ device: "phone", channel: { send: () => Effect.void, incoming: Stream.fromQueue(inbox) } }).pipe(Effect.provide(MockEngine.make().layer))
    let round = 0
    const heapAfterRound = Effect.gen(function*() {
      round += 1
      for (let n = 0; n < 300; n++) {
        const callId = `c${round}-${n}`
        for (const message of [offer(callId), { type: "hangup", call_id: callId }]) yield* Queue.offer(inbox, { peer: "eve", text: JSON.stringify(message) })
        yield* settle
      }
      collect()
      return process.memoryUsage().heapUsed
    })
    expect(yield* growth(heapAfterRound, 300)).toBeLessThan(300)
  }), 20_000)
