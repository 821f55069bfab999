/** Calls of pages that begin P2P, move to a room, and back: what is seen and heard meanwhile. */
import { CallLine, type CallState, RtcEngine } from "@enigma-rtc/core"
import { BrowserEngine, openMedia } from "@enigma-rtc/engine-browser"
import { SfuEngine, SfuRoom, SfuUnreachable } from "@enigma-rtc/engine-sfu"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { expect, inject, it } from "vitest"
import { commands, server } from "vitest/browser"
import { openPictures, openTone } from "../../../packages/engine-browser/test/madeUpMedia.ts"
import { watchCall } from "../src/screen.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

/** The bound of a move; a page that is held up so long without one is allowed more. */
const mostGapMs = (idleMs: number) => Math.max(200, 2 * idleMs)
/** A machine with other things to do is asked again. */
const tries = 3

const until = (what: string, is: () => boolean, withinMs = 15_000) =>
  Effect.gen(function*() {
    for (let waitedMs = 0; !is(); waitedMs += 50) {
      if (waitedMs > withinMs) return yield* Effect.die(new Error(`not within ${withinMs} ms: ${what}`))
      yield* Effect.sleep(50)
    }
  })

const isUp = (state: CallState) => state._tag === "Connected" && state.media._tag === "Up"

/** Both engines of a line send one local media. */
const openLine = (relay: ReturnType<typeof memoryRelay>, url: string, room: string, name: string) =>
  Effect.gen(function*() {
    const media = yield* openMedia({ camera: yield* openPictures(), microphone: yield* openTone() })
    const joined = yield* SfuRoom.join({ room, token: name, signaling: yield* webSocketSignaling(url), media })
    const engines = [yield* SfuEngine.make({ room: joined })]
    return yield* Effect.provideService(
      CallLine.make({ device: name, channel: yield* relay.join(name), engines }),
      RtcEngine,
      yield* BrowserEngine.make({ media })
    )
  })

const watchedCall = (url: string, room: string) =>
  Effect.gen(function*() {
    const relay = memoryRelay()
    const lines = [yield* openLine(relay, url, room, "alice"), yield* openLine(relay, url, room, "bob")] as const
    const alice = yield* lines[0].call("bob")
    const bob = yield* Effect.flatMap(Stream.runHead(lines[1].incoming), Effect.fromOption)
    const ends = [yield* watchCall(alice), yield* watchCall(bob)] as const
    yield* bob.accept()
    yield* Effect.all([alice, bob].map((call) => Stream.runHead(Stream.filter(call.changes, isUp))), { concurrency: 2 })
    yield* until("a picture and sound at both ends", () => ends.every(({ frameGapMs, packetGapMs }) => frameGapMs() < 1_000 && packetGapMs() < 1_000))
    yield* Effect.sleep(500)
    const gapsOf = <A, E>(what: Effect.Effect<A, E>) =>
      Effect.gen(function*() {
        ends.forEach(({ begin }) => begin())
        const sinceMs = performance.now()
        const result = yield* what
        const tookMs = Math.round(performance.now() - sinceMs)
        yield* Effect.sleep(2_500)
        const [frameMs, packetMs] = [Math.max(...ends.map(({ frameGapMs }) => frameGapMs())), Math.max(...ends.map(({ packetGapMs }) => packetGapMs()))]
        return { result, frameMs, packetMs, words: `${tookMs} ms; longest gap ${packetMs} ms between packets of audio, ${frameMs} ms between pictures` }
      })
    return { alice, bob, ends, gapsOf }
  })

it("a call that moves to the SFU and back goes on to be heard and seen, and never shows nothing", scoped(Effect.gen(function*() {
  const { alice, bob, ends, gapsOf } = yield* watchedCall(inject("sfuUrl"), `switch-${server.browser}`)
  const idle = yield* gapsOf(Effect.void)
  console.log(`${server.browser}: without a move, ${idle.words}`)
  const best = new Map<string, number>()
  for (let round = 0, moves = 0; round < tries; round++) {
    for (const [mover, engine] of [[alice, "sfu"], [bob, "browser"]] as const) {
      const { packetMs, words } = yield* gapsOf(mover.switchEngine(engine))
      console.log(`${server.browser}: moved to ${engine} in ${words}`)
      best.set(engine, Math.min(packetMs, best.get(engine) ?? Infinity))
      moves += 1
      yield* until("the pictures of the new connection at both ends", () => ends.every((end) => end.moves() === moves))
      for (const call of [alice, bob]) expect(yield* call.engine).toBe(engine)
      // Firefox sends silence where there is no sound card.
      if (server.browser !== "chromium") continue
      const before = ends.map(({ energy }) => energy())
      yield* until("sound", () => ends.every(({ energy }, i) => energy() > (before[i] ?? 0)))
    }
    if ([...best.values()].every((gapMs) => gapMs < mostGapMs(idle.packetMs))) break
  }
  expect(ends.map(({ blanks }) => blanks())).toEqual([0, 0])
  for (const [engine, gapMs] of best) expect(gapMs, engine).toBeLessThan(mostGapMs(idle.packetMs))
})), 120_000)

it("a call whose SFU is away stays where it is seen and heard, and is told so", scoped(Effect.gen(function*() {
  const url = yield* Effect.acquireRelease(Effect.promise(() => commands.openServer()), (one) => Effect.promise(() => commands.closeServer(one)))
  const { alice, bob, ends, gapsOf } = yield* watchedCall(url, "away")
  yield* Effect.promise(() => commands.closeServer(url))
  const { result, words } = yield* gapsOf(Effect.flip(Effect.timeout(alice.switchEngine("sfu"), 30_000)))
  console.log(`${server.browser}: failed after ${words}`)
  expect(result).toMatchObject({ _tag: "WebRtcError", engine: "sfu" })
  expect((result as { readonly cause?: unknown }).cause).toBeInstanceOf(SfuUnreachable)
  for (const call of [alice, bob]) {
    expect(yield* call.engine).toBe("browser")
    expect(isUp(yield* call.state)).toBe(true)
  }
  expect(ends.map(({ blanks, moves }) => [blanks(), moves()])).toEqual([[0, 0], [0, 0]])
})), 60_000)
