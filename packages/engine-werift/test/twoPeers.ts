/** Two lines over real werift on loopback, and one call between them: the stage of this package's tests. */
import { CallLine, type CallState, type LineCall, type RtcConfigInput, RtcEngine, type RtcEvent } from "@enigma-rtc/core"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { picture, tone, WeriftEngine, type WeriftOptions } from "../src/index.ts"

export const loopback = { localAddresses: { udp4: "127.0.0.1" } } as const
const generated = { microphone: tone(), camera: picture() } as const

export interface Side {
  readonly engine?: WeriftOptions
  readonly config?: RtcConfigInput
}

const isUp = (state: CallState): boolean => state._tag === "Connected" && state.media._tag === "Up"
const untilUp = (call: LineCall) => Stream.runHead(Stream.filter(call.changes, isUp))
export const untilOver = (call: LineCall) => Stream.runDrain(call.events)
export const nextEvent = <T extends RtcEvent["_tag"]>(call: LineCall, tag: T) =>
  Stream.filter(call.events, (event): event is Extract<RtcEvent, { readonly _tag: T }> => event._tag === tag).pipe(
    Stream.runHead,
    Effect.flatMap(Effect.fromOption)
  )

const openLine = (relay: ReturnType<typeof memoryRelay>, name: string, { config = {}, engine = {} }: Side) =>
  Effect.gen(function*() {
    const service = yield* WeriftEngine.make({ media: generated, ...loopback, ...engine })
    const channel = yield* relay.join(name)
    const line = CallLine.make({ device: name, channel, config: { enableData: true, ...config } })
    return yield* Effect.provideService(line, RtcEngine, service)
  })

export const openLines = (left: Side = {}, right: Side = {}) =>
  Effect.gen(function*() {
    const relay = memoryRelay()
    const alice = yield* openLine(relay, "alice", left)
    const bob = yield* openLine(relay, "bob", right)
    return { relay, alice, bob }
  })

/** Alice calls, Bob accepts, and media is up at both. */
export const connect = (lines: { readonly alice: CallLine; readonly bob: CallLine }) =>
  Effect.gen(function*() {
    const alice = yield* lines.alice.call("bob")
    const bob = yield* Effect.flatMap(Stream.runHead(lines.bob.incoming), Effect.fromOption)
    yield* bob.accept()
    yield* Effect.all([untilUp(alice), untilUp(bob)], { concurrency: 2 })
    return { alice, bob }
  })
