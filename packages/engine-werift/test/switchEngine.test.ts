/** A call that moves from one engine to another over real connections: media flow throughout. */
import { CallLine, type LineCall, RtcEngine } from "@enigma-rtc/core"
import { memoryRelay } from "@enigma-rtc/testing"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { receivedRtp, tone, WeriftEngine } from "../src/index.ts"
import { connect, loopback } from "./twoPeers.ts"
import { until } from "./until.ts"

/** A line with two engines, each a stack of its own. */
const openLine = (relay: ReturnType<typeof memoryRelay>, name: string) =>
  Effect.gen(function*() {
    const [first, second] = yield* Effect.all([1, 2].map(() => WeriftEngine.make({ media: { microphone: tone() }, ...loopback })))
    if (first === undefined || second === undefined) throw new Error("two engines were asked for")
    const channel = yield* relay.join(name)
    const line = CallLine.make({ device: name, channel, engines: [{ ...second, name: "other" }], config: { enableVideo: false } })
    return yield* Effect.provideService(line, RtcEngine, first)
  })

/** An app that plays a slot's track until another replaces it: when each packet of what it plays came. */
const listen = (call: LineCall) =>
  Effect.gen(function*() {
    const arrivals: Array<number> = []
    const tracks: Array<string> = []
    let playing = ""
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) =>
      Effect.gen(function*() {
        if (event._tag !== "RemoteTrack") return
        const { id } = event.track
        playing = id
        tracks.push(id)
        yield* Effect.forkScoped(Stream.runForEach(receivedRtp(event.track), () =>
          Effect.sync(() => {
            if (playing === id) arrivals.push(performance.now())
          })))
      })))
    const longestGapMs = (sinceMs: number) => {
      const after = arrivals.filter((ms) => ms >= sinceMs)
      return Math.max(...after.slice(1).map((ms, i) => ms - (after[i] ?? ms)))
    }
    return { arrivals, tracks, longestGapMs }
  })

describe("a call over werift", () => {
  it.live("moves to other engines and back, by either end, while its media flow", () =>
    Effect.gen(function*() {
      const relay = memoryRelay()
      const calls = yield* connect({ alice: yield* openLine(relay, "alice"), bob: yield* openLine(relay, "bob") })
      const heard = [yield* listen(calls.alice), yield* listen(calls.bob)]
      const flow = (more: number) => {
        const before = heard.map(({ arrivals }) => arrivals.length)
        return until("packets", () => heard.every(({ arrivals }, i) => arrivals.length >= (before[i] ?? 0) + more))
      }
      yield* flow(25)
      for (const [mover, engine] of [[calls.alice, "other"], [calls.bob, "other"], [calls.alice, "werift"]] as const) {
        const sinceMs = performance.now()
        yield* mover.switchEngine(engine)
        const movedMs = performance.now() - sinceMs
        yield* flow(25)
        const gaps = heard.map(({ longestGapMs }) => `${longestGapMs(sinceMs).toFixed(0)} ms`)
        console.log(`moved to ${engine} in ${movedMs.toFixed(0)} ms; longest gap between packets at alice and bob: ${gaps.join(", ")}`)
        // Which of its engines the other end answers with is that end's affair.
        expect(yield* mover.engine).toBe(engine)
        for (const call of [calls.alice, calls.bob]) {
          expect(yield* call.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
        }
      }
      expect(heard.map(({ tracks }) => new Set(tracks).size)).toEqual([4, 4])
    }), 60_000)
})
