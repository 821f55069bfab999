/** Data channels over werift under load: nothing is lost, and nothing waits for ever. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { connect, nextEvent, openLines } from "./twoPeers.ts"

const openChannel = Effect.gen(function*() {
  const { alice, bob } = yield* connect(yield* openLines({ engine: { media: {} } }, { engine: { media: {} } }))
  const here = yield* alice.openDataChannel("bulk")
  const { channel: there } = yield* nextEvent(bob, "DataChannelOpened")
  return { alice, here, there }
})

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

describe("a data channel over werift", () => {
  it.live("carries 3,000 messages that are sent at once, each of them, in order", () =>
    Effect.gen(function*() {
      const { here, there } = yield* openChannel
      const reading = yield* Effect.forkScoped(Stream.runCollect(Stream.take(there.messages, 3_000)))
      yield* Effect.forEach(numbers(3_000), (n) => here.send(String(n)), { concurrency: "unbounded", discard: true })
      expect(yield* Fiber.join(reading)).toEqual(numbers(3_000).map(String))
      expect(yield* here.bufferedAmount).toBe(0)
    }).pipe(Effect.scoped), 20_000)

  it.live("carries 200 messages of 60,000 bytes, and takes no more from the app than it can soon send", () =>
    Effect.gen(function*() {
      const { here, there } = yield* openChannel
      const reading = yield* Effect.forkScoped(Stream.runCollect(Stream.take(there.messages, 200)))
      const buffered: Array<number> = []
      yield* Effect.forEach(
        numbers(200),
        (n) => Effect.andThen(here.send(new Uint8Array(60_000).fill(n)), Effect.map(here.bufferedAmount, (bytes) => buffered.push(bytes))),
        { concurrency: "unbounded", discard: true }
      )
      const messages = yield* Fiber.join(reading)
      expect(messages.map((data) => (typeof data === "string" ? -1 : data.length === 60_000 ? data[0] : -2))).toEqual(numbers(200))
      expect(Math.max(...buffered)).toBeGreaterThan(0)
      expect(Math.max(...buffered)).toBeLessThanOrEqual(65_536 + 60_000)
    }).pipe(Effect.scoped), 20_000)

  it.live("closed while messages wait their turn fails their sending", () =>
    Effect.gen(function*() {
      const { alice, here } = yield* openChannel
      const sending = yield* Effect.forkScoped(
        Effect.forEach(numbers(500), () => Effect.result(here.send(new Uint8Array(60_000))), { concurrency: "unbounded" })
      )
      yield* Effect.sleep(20)
      yield* alice.hangup()
      const results = yield* Fiber.join(sending)
      expect(results.at(-1)).toMatchObject({ _tag: "Failure", failure: { operation: "send", reason: { _tag: "Refused" } } })
    }).pipe(Effect.scoped))

  it.live("that nobody reads is closed at 16 MiB, and both ends learn of it", () =>
    Effect.gen(function*() {
      const { here, there } = yield* openChannel
      const sending = yield* Effect.forkScoped(Effect.flip(Effect.forEach(numbers(600), () => here.send(new Uint8Array(60_000)), { discard: true })))
      expect(yield* Fiber.join(sending)).toMatchObject({ operation: "send", reason: { _tag: "Refused" } })
      expect(yield* Effect.flip(Stream.runDrain(there.messages))).toMatchObject({ reason: { _tag: "TooMany", limit: 16 * 2 ** 20 } })
      expect(yield* Stream.runCollect(here.messages)).toEqual([])
    }).pipe(Effect.scoped), 20_000)
})
