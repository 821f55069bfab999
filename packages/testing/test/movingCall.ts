/** Two lines in a call that moves between engines. For the tests of `switchEngine`. */
import type { LineCall, RtcEvent } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { mockNetwork, type MockOptions } from "../src/index.ts"
import { type EndOptions, lastRang, openEnd } from "./line.ts"
import { settle } from "./settle.ts"
import { makeWire } from "./wire.ts"

const collect = (call: LineCall) =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))))
    return events
  })
export const tags = (events: ReadonlyArray<RtcEvent>) => events.map((event) => event._tag === "StateChanged" ? event.state._tag : event._tag)
export const micTracks = (events: ReadonlyArray<RtcEvent>) =>
  events.flatMap((event) => event._tag === "RemoteTrack" && event.track.slot === "microphone" ? [event] : [])

/** Two lines of two engines each on one network, in a call. */
export const inCall = (options: { readonly ann?: EndOptions; readonly bob?: EndOptions; readonly relay?: MockOptions } = {}) =>
  Effect.gen(function*() {
    const network = mockNetwork()
    const wire = makeWire()
    const engines = (host: string, relay: MockOptions = {}): EndOptions => ({
      network,
      host,
      relay: { network, host, ...options.relay, ...relay },
      config: { enableVideo: false, enableData: true }
    })
    const ann = yield* openEnd(wire.join("ann"), "a-phone", { ...engines("ann"), ...options.ann })
    const bob = yield* openEnd(wire.join("bob"), "b-desk", { ...engines("bob"), ...options.bob })
    const ofAnn = yield* ann.line.call("bob")
    yield* settle
    const ofBob = lastRang(bob)
    const [annEvents, bobEvents] = [yield* collect(ofAnn), yield* collect(ofBob)]
    yield* ofBob.accept()
    yield* settle
    return { network, wire, ann, bob, ofAnn, ofBob, annEvents, bobEvents }
  })
/** Begins it, and goes on. */
export const begin = (call: LineCall, engine = "relay") =>
  Effect.gen(function*() {
    const switching = yield* Effect.forkScoped(Effect.exit(call.switchEngine(engine)))
    yield* settle
    return switching
  })
export const isUp = { _tag: "Connected", media: { _tag: "Up" } }
export const failsWith = (switching: Fiber.Fiber<unknown, unknown>) =>
  Effect.map(Fiber.join(switching), (exit) => JSON.stringify(exit))
