/** Calls that begin P2P, move to a room of an SFU, and back: what is heard meanwhile. */
import type { DataChannel, LineCall } from "@enigma-rtc/core"
import { faultyLink, memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import { listen, until } from "../src/calls.ts"
import { type Gaps, inWords, mostMissed, movableCall, openPlace, p2p, sfu } from "../src/moves.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

/** The bound of a move, on a channel that carries everything at once. */
const mostGapMs = 200
/** A machine with other things to do is asked again. */
const tries = 3

const isUpOn = (call: LineCall, engine: string) =>
  Effect.gen(function*() {
    expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
    expect(yield* call.engine).toBe(engine)
  })

it("a call that moves to the SFU and back, by either end, is heard with no gap of 200 ms", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const { alice, bob, ends, gapsOf } = yield* movableCall(place, memoryRelay())
  console.log(`without a move: ${inWords((yield* gapsOf(Effect.void)).gaps)}`)
  const best = new Map<string, Gaps>()
  for (let round = 0; round < tries; round++) {
    for (const [by, mover, other] of [["the caller", alice, bob], ["the callee", bob, alice]] as const) {
      for (const engine of [sfu, p2p]) {
        const { gaps } = yield* gapsOf(mover.switchEngine(engine))
        console.log(`moved to ${engine} by ${by} in ${inWords(gaps)}`)
        expect(gaps.missed).toBeLessThan(mostMissed)
        const way = `${engine} by ${by}`
        if (gaps.gapMs < (best.get(way)?.gapMs ?? Infinity)) best.set(way, gaps)
        yield* isUpOn(mover, engine)
        yield* isUpOn(other, engine)
      }
    }
    if ([...best.values()].every(({ gapMs }) => gapMs < mostGapMs)) break
  }
  for (const [way, gaps] of best) expect(gaps.gapMs, way).toBeLessThan(mostGapMs)
  // Each track but the first says which one it takes the place of.
  for (const { tracks } of ends) {
    expect(tracks.map(({ replaces }) => replaces)).toEqual([undefined, ...tracks.slice(0, -1).map(({ track }) => track)])
  }
})), 90_000)

it("over a channel that loses, repeats and delays, it moves all the same, and is heard on", scoped(Effect.gen(function*() {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`SEED=${seed}`)
  const link = faultyLink({ seed, delay: { minMs: 0, maxMs: 50 }, repeatProbability: 0.2, lossProbability: 0.2 })
  const { alice, bob, gapsOf } = yield* movableCall(yield* openPlace, link)
  for (const [mover, engine] of [[alice, sfu], [bob, p2p], [bob, sfu], [alice, p2p]] as const) {
    const { gaps } = yield* gapsOf(mover.switchEngine(engine))
    console.log(`moved to ${engine} over a bad channel in ${inWords(gaps)}`)
    for (const call of [alice, bob]) {
      yield* until("both ends are there", Effect.map(call.engine, (at) => at === engine))
      yield* isUpOn(call, engine)
    }
  }
})), 120_000)

it("who is muted stays so across a move, also when muted in the midst of it", scoped(Effect.gen(function*() {
  const { alice, bob, ends, flows } = yield* movableCall(yield* openPlace, memoryRelay())
  const [, atBob] = ends
  const isSilent = Effect.gen(function*() {
    yield* Effect.sleep(300)
    const before = atBob.count()
    yield* Effect.sleep(500)
    return atBob.count() === before
  })
  yield* alice.setMicrophoneEnabled(false)
  yield* Effect.sleep(200)
  const before = atBob.count()
  yield* bob.switchEngine(sfu)
  yield* Effect.sleep(500)
  expect(atBob.count()).toBe(before)
  yield* alice.setMicrophoneEnabled(true)
  yield* flows()
  const moving = yield* Effect.forkScoped(bob.switchEngine(p2p), { startImmediately: true })
  yield* Effect.sleep(20)
  yield* alice.setMicrophoneEnabled(false)
  yield* Fiber.join(moving)
  expect(yield* isSilent).toBe(true)
  yield* alice.setMicrophoneEnabled(true)
  yield* flows()
})), 60_000)

it("when both ends move it at once, it moves once", scoped(Effect.gen(function*() {
  const { alice, bob, gapsOf } = yield* movableCall(yield* openPlace, memoryRelay())
  for (const engine of [sfu, p2p]) {
    const { gaps, result } = yield* gapsOf(Effect.all([alice, bob].map((call) => Effect.exit(call.switchEngine(engine))), { concurrency: 2 }))
    console.log(`moved to ${engine} by both in ${inWords(gaps)}`)
    expect(result.map(({ _tag }) => _tag)).toContain("Success")
    for (const call of [alice, bob]) yield* isUpOn(call, engine)
  }
})), 60_000)

it("when one moves it as the other moves it elsewhere, both ends come to be on one engine, and are heard", scoped(Effect.gen(function*() {
  const { alice, bob, flows, gapsOf } = yield* movableCall(yield* openPlace, memoryRelay())
  const both = Effect.all([Effect.exit(alice.switchEngine(sfu)), Effect.exit(bob.switchEngine(p2p))], { concurrency: 2 })
  const { gaps, result } = yield* gapsOf(both)
  console.log(`moved to both at once in ${inWords(gaps)}: ${result.map(({ _tag }) => _tag).join(", ")}`)
  expect(result.map(({ _tag }) => _tag)).toContain("Success")
  yield* isUpOn(alice, yield* bob.engine)
  yield* flows()
})), 60_000)

it("a data channel that is opened again when the engine is switched carries on", scoped(Effect.gen(function*() {
  const { alice, bob } = yield* movableCall(yield* openPlace, memoryRelay())
  const there = yield* listen(bob)
  const texts: Array<unknown> = []
  yield* Effect.forkScoped(Stream.runForEach(bob.events, (event) =>
    event._tag === "DataChannelOpened"
      ? Effect.forkScoped(Stream.runForEach(event.channel.messages, (text) => Effect.sync(() => texts.push(text))))
      : Effect.void))
  let channel: DataChannel = yield* alice.openDataChannel("chat")
  let opened = 1
  yield* Effect.forkScoped(Stream.runForEach(alice.events, (event) =>
    event._tag !== "EngineSwitched" ? Effect.void : Effect.map(alice.openDataChannel("chat"), (next) => {
      channel = next
      opened += 1
    })), { startImmediately: true })
  yield* channel.send("p2p")
  for (const [i, engine] of [sfu, p2p, sfu].entries()) {
    const old = channel
    yield* alice.switchEngine(engine)
    yield* until("it is opened again", Effect.sync(() => opened === i + 2))
    yield* channel.send(`${engine} ${i}`)
    yield* until("the text arrives", Effect.sync(() => texts.includes(`${engine} ${i}`)))
    const ended = yield* Effect.timeoutOption(Stream.runDrain(old.messages), 5_000)
    expect(ended._tag, "the channel of before has ended").toBe("Some")
  }
  expect(texts).toEqual(["p2p", "sfu 0", "werift 1", "sfu 2"])
  expect(there.saw("DataChannelOpened")).toBe(4)
})), 60_000)
