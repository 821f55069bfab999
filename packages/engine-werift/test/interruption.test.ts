/** The media path dies, and comes back: when the engine tells it, and when it must not. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { audio, connectPair, type End, flows, nothing } from "./pair.ts"
import { udpRelay } from "./udpRelay.ts"
import { until } from "./until.ts"

const told = (end: End) => end.links.filter((state) => state !== "connecting")
const last = (end: End, state: string) => () => end.links.at(-1) === state

const cases = [
  { what: "audio", left: audio, right: audio },
  { what: "data alone", left: { ...nothing, data: true, receive: { microphone: false, camera: false, screen: false } }, right: nothing }
] as const

describe.concurrent("a path that dies", () => {
  for (const { left, right, what } of cases) {
    it.live(`with ${what} is told within 8 s, and again when it heals by itself`, () =>
      Effect.gen(function*() {
        const relay = yield* udpRelay
        const { a, b } = yield* connectPair({ relay, left, right })
        relay.isCut = true
        const interruptedMs = yield* until("the interruption", () => last(a, "interrupted")() && last(b, "interrupted")(), 9_000)
        expect(interruptedMs).toBeGreaterThan(3_000)
        expect(interruptedMs).toBeLessThan(8_000)
        yield* Effect.sleep(3_000)
        relay.isCut = false
        const upMs = yield* until("the end of the interruption", () => last(a, "up")() && last(b, "up")(), 4_000)
        console.log(`${what}: interrupted after ${Math.round(interruptedMs)} ms, up ${Math.round(upMs)} ms after the heal`)
        for (const end of [a, b]) expect(told(end)).toEqual(["up", "interrupted", "up"])
        if (what === "audio") yield* Effect.all([flows(a, ["microphone"]), flows(b, ["microphone"])])
        else yield* a.peer.openDataChannel("after")
      }).pipe(Effect.scoped), 40_000)
  }

  it.live("comes back by a restart, whose descriptions and candidates are exchanged while it is dead or when it has healed", () =>
    Effect.gen(function*() {
      for (const healsFirst of [true, false]) {
        const relay = yield* udpRelay
        const { a, b, round } = yield* connectPair({ relay, left: audio, right: audio })
        relay.isCut = true
        yield* until("the interruption", () => last(a, "interrupted")() && last(b, "interrupted")(), 9_000)
        if (healsFirst) relay.isCut = false
        yield* round(b, a, { iceRestart: true })
        if (!healsFirst) {
          // Longer than a pair is checked before it counts as failed.
          yield* Effect.sleep(6_000)
          relay.isCut = false
        }
        const upMs = yield* until("media", () => last(a, "up")() && last(b, "up")(), 10_000)
        console.log(`restarted ${healsFirst ? "after" : "before"} the heal: up after ${Math.round(upMs)} ms`)
        yield* Effect.all([flows(a, ["microphone"]), flows(b, ["microphone"])])
      }
    }).pipe(Effect.scoped), 60_000)

  it.live("for 30 s has failed, and a restart brings it back when it has healed", () =>
    Effect.gen(function*() {
      const relay = yield* udpRelay
      const { a, b, round } = yield* connectPair({ relay, left: audio, right: audio })
      relay.isCut = true
      const failedMs = yield* until("the failure", () => last(a, "failed")() && last(b, "failed")(), 40_000)
      console.log(`failed after ${Math.round(failedMs)} ms`)
      expect(failedMs).toBeGreaterThan(20_000)
      relay.isCut = false
      yield* round(a, b, { iceRestart: true })
      yield* until("media", () => last(a, "up")() && last(b, "up")(), 5_000)
      for (const end of [a, b]) expect(told(end)).toEqual(["up", "interrupted", "failed", "up"])
      yield* Effect.all([flows(a, ["microphone"]), flows(b, ["microphone"])])
    }).pipe(Effect.scoped), 60_000)

  it.live("because the far end has closed is told at once", () =>
    Effect.gen(function*() {
      for (const left of [audio, { ...nothing, data: true }]) {
        const { a, b } = yield* connectPair({ left, right: { ...nothing, receive: audio.receive } })
        yield* b.close
        const ms = yield* until("the interruption", last(a, "interrupted"), 1_000)
        console.log(`told of the far end's close after ${Math.round(ms)} ms`)
      }
    }).pipe(Effect.scoped))
})

describe("a path that lives", () => {
  it.live("is not told as interrupted when the event loop is blocked for 3 s, nor in 12 s of silence", () =>
    Effect.gen(function*() {
      const off = { microphone: false, camera: false, screen: false }
      const quiet = yield* connectPair({ left: { ...nothing, data: true, receive: off }, right: nothing })
      const { a, b } = yield* connectPair({ left: audio, right: audio })
      for (let i = 0; i < 3; i++) {
        const end = performance.now() + 3_000
        while (performance.now() < end);
        yield* Effect.sleep(1_000)
      }
      yield* flows(a, ["microphone"])
      for (const one of [a, b, quiet.a, quiet.b]) expect(told(one)).toEqual(["up"])
    }).pipe(Effect.scoped), 30_000)
})
