/** A page that is left open for many calls holds nothing of those that are over. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, inject, it } from "vitest"
import { server } from "vitest/browser"
import { deviceChanges, openMedia } from "../src/index.ts"
import { deviceChanges as deviceLoop } from "../src/promise.ts"
import { openCallsInARow } from "./callsInARow.ts"
import { collectGarbage } from "./collectGarbage.ts"
import { openTracks } from "./madeUpMedia.ts"
import type { HeapBytes } from "./memoryCommands.ts"
import { connectionsInMemory, countConnections, openInPage } from "./openConnections.ts"
import { countPage, countSubscribers, listenersOn, liveListeners, liveTracks, pendingTimers } from "./pageCounts.ts"
import { makeSkippingClock } from "./skippingClock.ts"
import { scoped } from "./twoPeers.ts"

countConnections()
countPage()

/** What the page held after so many calls, when the garbage was collected. */
interface Held {
  readonly calls: number
  readonly ms: number
  readonly heap: HeapBytes | undefined
  readonly open: number
  readonly connections: number
  readonly sessions: number
  readonly subscribers: number
  readonly tracks: number
  readonly timers: number
  /** On what outlives calls, in order: window, document, devices, given tracks. */
  readonly lasting: ReadonlyArray<number>
  readonly listeners: number
}

declare module "vitest" {
  interface ProvidedContext {
    readonly callsInARow: number
  }
  interface TaskMeta {
    held?: ReadonlyArray<Held>
  }
}

const calls = inject("callsInARow")
/** From here on a heap that grows by little shows a slope; before, V8 still compiles most of what it compiles. */
const longRun = 200
/**
 * What a call may add to Chromium's heap in the second half of a long run. It adds 2 to 3 kB, three quarters of which is
 * code that V8 compiles, and less the longer it goes on. The two sessions of a call, when they are kept, add 56 kB.
 */
const mostBytesPerCall = 5_000

describe("what is over leaves nothing open", () => {
  it(`${calls} calls in a row, which end in every way`, { timeout: 30_000 + 1_000 * calls }, ({ task }) => {
    const { clock, skip } = makeSkippingClock()
    const held: Array<Held> = []
    const run = Effect.gen(function*() {
      const tracks = yield* openTracks
      // One end frees its devices while it is muted and opens them again, the other has tracks for good.
      const ann = yield* openMedia({ microphone: true, camera: { width: 160, height: 120 }, screen: tracks.screen, whenMuted: "free" })
      const bob = yield* openMedia(tracks)
      const subscribers = countSubscribers(ann, bob)
      const lasting = [window, document, navigator.mediaDevices, ...Object.values(tracks)]
      const before = { timers: pendingTimers(), lasting: lasting.map(listenersOn), listeners: liveListeners() }
      const sessions: Array<WeakRef<object>> = []
      const weigh = Effect.promise(async (): Promise<Held> => ({
        heap: await collectGarbage(),
        calls: sessions.length / 2,
        ms: Math.round(performance.now() - since),
        open: openInPage(),
        connections: connectionsInMemory(),
        sessions: sessions.filter((one) => one.deref() !== undefined).length,
        subscribers: subscribers(),
        tracks: liveTracks(),
        timers: pendingTimers(),
        lasting: lasting.map(listenersOn),
        listeners: liveListeners()
      }))
      const since = performance.now()
      yield* Effect.scoped(Effect.gen(function*() {
        const row = yield* openCallsInARow(ann, bob)
        for (let n = 1; n <= calls; n++) {
          for (const call of yield* row.next) sessions.push(new WeakRef(call))
          openInPage()
          yield* skip(1)
          if (n % Math.floor(calls / 4) !== 0) continue
          // An end is told for 32 s, and for that long a call is remembered.
          yield* skip(40)
          const now = yield* weigh
          held.push(now)
          task.meta.held = held
          expect(now).toMatchObject({ open: 0, subscribers: 0, timers: before.timers, lasting: before.lasting })
          // A microphone and a camera of the one end, the camera and the screen of the other; the tone is no device's.
          expect(now.tracks).toBeLessThanOrEqual(4)
          // The two sessions and connections of the last call may still be at hand, with two data channels.
          expect(now.sessions).toBeLessThanOrEqual(2)
          expect(now.listeners - before.listeners).toBeLessThanOrEqual(8)
          // A connection that is closed in the very milliseconds in which it begins to check, Chromium 156 itself never
          // frees, whatever a page does. One call of ten is hung up then, with a connection at either end.
          expect(now.connections).toBeLessThanOrEqual(2 + (server.browser === "chromium" ? (2 * n) / 10 : 0))
        }
      }))
      // The lines are gone, the media are there.
      expect(pendingTimers()).toBe(before.timers)
    })
    return Effect.runPromise(Effect.scoped(run).pipe(
      Effect.andThen(Effect.sync(() => {
        expect({ tracks: liveTracks(), timers: pendingTimers() }).toEqual({ tracks: 0, timers: 0 })
        const [, middle, , last] = held.map(({ heap }) => heap)
        if (middle === undefined || last === undefined || calls < longRun) return
        for (const part of ["script", "native", "buffers"] as const) {
          expect((last[part] - middle[part]) / (calls / 2), part).toBeLessThan(mostBytesPerCall)
        }
      })),
      Effect.provideService(Clock.Clock, clock)
    ))
  })

  it("a list of devices that nobody reads any more", scoped(Effect.gen(function*() {
    const before = listenersOn(navigator.mediaDevices)
    const [devices] = yield* Stream.runCollect(Stream.take(deviceChanges, 1))
    expect(devices?.length).toBeGreaterThan(0)
    yield* Effect.promise(async () => {
      for await (const found of deviceLoop()) {
        expect(found).toHaveLength(devices?.length ?? 0)
        expect(listenersOn(navigator.mediaDevices)).toBe(before + 1)
        navigator.mediaDevices.dispatchEvent(new Event("devicechange"))
        break
      }
    })
    expect(listenersOn(navigator.mediaDevices)).toBe(before)
  })))
})
