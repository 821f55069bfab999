/** Calls between two lines whose media changes, as an app sees it: the machine's rounds over real werift. */
import { Socket } from "node:dgram"
import type { LineCall, MediaChange, RtcEvent, Slot } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { vi } from "vitest"
import { picture, receivedRtp, tone } from "../src/index.ts"
import { connect, openLines } from "./twoPeers.ts"
import { until } from "./until.ts"

const media = { microphone: tone(), camera: picture(), screen: picture() } as const
const sides = (config: { readonly enableVideo?: boolean } = {}) =>
  [{ engine: { media }, config }, { engine: { media }, config }] as const

/** What a call has told, with the packets of each live track. */
const watch = (call: LineCall) =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    const live = new Map<Slot, { packets: number; readonly id: string }>()
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) =>
      Effect.gen(function*() {
        events.push(event)
        if (event._tag === "RemoteTrackEnded") live.delete(event.track.slot)
        if (event._tag !== "RemoteTrack") return
        const one = { packets: 0, id: event.track.id }
        live.set(event.track.slot, one)
        yield* Effect.forkScoped(Stream.runForEach(receivedRtp(event.track), () => Effect.sync(() => one.packets++)))
      })))
    const packets = (slot: Slot) => live.get(slot)?.packets ?? 0
    const flows = (...wanted: ReadonlyArray<Slot>) =>
      Effect.gen(function*() {
        yield* until(() => `tracks of ${wanted.join()}: there are ${[...live.keys()].join()}`, () => wanted.every((slot) => live.has(slot)))
        const before = new Map(wanted.map((slot) => [slot, packets(slot)]))
        yield* until(`packets of ${wanted.join()}`, () => wanted.every((slot) => packets(slot) > (before.get(slot) ?? 0) + 1))
      })
    return { call, events, live, packets, flows, tags: () => events.map(({ _tag }) => _tag) }
  })

const settled = (...calls: ReadonlyArray<LineCall>) =>
  Effect.gen(function*() {
    for (let i = 0; i < 500; i++) {
      const states = yield* Effect.all(calls.map(({ state }) => state))
      if (states.every((state) => state._tag === "Connected" && state.negotiation._tag === "Stable")) return
      yield* Effect.sleep(10)
    }
    expect(yield* Effect.all(calls.map(({ state }) => state))).toEqual("all stable")
  })

const call = (config?: { readonly enableVideo?: boolean }) =>
  Effect.gen(function*() {
    const { alice, bob } = yield* connect(yield* openLines(...sides(config)))
    return { alice, bob, a: yield* watch(alice), b: yield* watch(bob) }
  })

describe("a call over two lines", () => {
  it.live("on hold is silent both ways, whoever holds, and flows after it has resumed", () =>
    Effect.gen(function*() {
      const { a, alice, b, bob } = yield* call()
      for (const holder of [alice, bob]) {
        yield* a.flows("microphone", "camera")
        yield* b.flows("microphone", "camera")
        yield* holder.hold
        yield* settled(alice, bob)
        yield* Effect.sleep(150)
        const before = [(yield* alice.stats).sent, (yield* bob.stats).sent]
        yield* Effect.sleep(400)
        expect([(yield* alice.stats).sent, (yield* bob.stats).sent]).toEqual(before)
        yield* holder.resume
        yield* settled(alice, bob)
      }
      yield* a.flows("microphone", "camera")
      yield* b.flows("microphone", "camera")
    }).pipe(Effect.scoped), 20_000)

  const changes: ReadonlyArray<readonly [string, MediaChange, MediaChange, ReadonlyArray<Slot>, ReadonlyArray<Slot>]> = [
    ["the camera at both ends", { send: { camera: "on" }, receive: { camera: true } }, { send: { camera: "on" }, receive: { camera: true } }, ["camera"], ["camera"]],
    ["the camera at one and the screen at the other", { send: { camera: "on" }, receive: { screen: true } }, { send: { screen: "on" }, receive: { camera: true } }, ["screen"], ["camera"]],
    ["the screen at one and data at the other", { send: { screen: "on" } }, { data: true, receive: { screen: true } }, [], ["screen"]]
  ]
  for (const [what, left, right, atAlice, atBob] of changes) {
    it.live(`gets ${what} in the same moment, and audio goes on`, () =>
      Effect.gen(function*() {
        const { a, alice, b, bob } = yield* call({ enableVideo: false })
        yield* a.flows("microphone")
        yield* Effect.all([alice.setMedia(left), bob.setMedia(right)], { concurrency: 2 })
        yield* settled(alice, bob)
        yield* a.flows("microphone", ...atAlice)
        yield* b.flows("microphone", ...atBob)
        for (const one of [a, b]) {
          expect(one.tags()).not.toContain("ConnectionInterrupted")
          expect(one.events.filter((event) => event._tag === "RemoteTrackEnded")).toEqual([])
        }
      }).pipe(Effect.scoped), 20_000)
  }

  it.live("restarts ICE from either end, on a new path, and media goes on", () =>
    Effect.gen(function*() {
      const { a, alice, b, bob } = yield* call()
      for (const [who, end] of [["caller", alice], ["callee", bob]] as const) {
        const portOf = Effect.map(alice.stats, ({ path }) => path?.local.port)
        const before = yield* portOf
        const startMs = performance.now()
        yield* end.restartIce
        for (let port = before; port === before || port === undefined; port = yield* portOf) yield* Effect.sleep(5)
        console.log(`session restart by the ${who}: ${Math.round(performance.now() - startMs)} ms`)
        yield* a.flows("microphone", "camera")
        yield* b.flows("microphone", "camera")
        yield* settled(alice, bob)
      }
      yield* Effect.all([alice.restartIce, bob.restartIce], { concurrency: 2 })
      yield* a.flows("microphone", "camera")
      yield* b.flows("microphone", "camera")
    }).pipe(Effect.scoped), 20_000)

  it.live("whose network is away for a while comes back by itself, when it returns soon and when ICE was restarted meanwhile", () =>
    Effect.gen(function*() {
      const { a, alice, b, bob } = yield* call({ enableVideo: false })
      let isAway = false
      const send: unknown = Reflect.get(Socket.prototype, "send")
      const spy = vi.spyOn(Socket.prototype, "send").mockImplementation(function(this: Socket, ...args) {
        // The same arguments, whichever of its forms they are of.
        if (!isAway && typeof send === "function") Reflect.apply(send, this, args)
      })
      yield* Effect.addFinalizer(() => Effect.sync(() => spy.mockRestore()))
      const mediaOf = Effect.map(Effect.all([alice.state, bob.state]), (states) =>
        states.map((state) => (state._tag === "Connected" ? state.media._tag : state._tag)))
      const untilMedia = (wanted: string, limitMs: number) =>
        Effect.gen(function*() {
          const startMs = performance.now()
          while (!(yield* mediaOf).every((one) => one === wanted)) {
            if (performance.now() - startMs > limitMs) expect(yield* mediaOf).toEqual([wanted, wanted])
            yield* Effect.sleep(10)
          }
          return Math.round(performance.now() - startMs)
        })
      for (const awayMs of [500, 8_000]) {
        yield* a.flows("microphone")
        isAway = true
        const interruptedMs = yield* untilMedia("Interrupted", 9_000)
        yield* Effect.sleep(awayMs)
        isAway = false
        console.log(`session: interrupted after ${interruptedMs} ms, up ${yield* untilMedia("Up", 9_000)} ms after the return`)
      }
      yield* a.flows("microphone")
      yield* b.flows("microphone")
      yield* settled(alice, bob)
    }).pipe(Effect.scoped), 60_000)
})
