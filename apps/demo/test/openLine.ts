/** A Node peer over werift in a room at a real relay: engine, relay client and line, as an app composes them. */
import { CallLine, type LineCall, type RtcConfigInput, RtcEngine, type StateTag } from "@enigma-rtc/core"
import { picture, receivedRtp, tone, WeriftEngine } from "@enigma-rtc/engine-werift"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { RelayClient, type RelayClientOptions } from "../src/relay/RelayClient.ts"

const config: RtcConfigInput = { enableData: true, ringTimeoutMs: 30_000, connectTimeoutMs: 20_000 }

/** With its scope the line hangs up and leaves the room. */
export const openLine = (options: RelayClientOptions) =>
  Effect.gen(function*() {
    const relay = yield* RelayClient.make(options)
    const engine = yield* WeriftEngine.make({
      media: { microphone: tone(), camera: picture() },
      localAddresses: { udp4: "127.0.0.1" }
    })
    const line = yield* Effect.provideService(
      CallLine.make({ device: "node", channel: relay.channel, config }),
      RtcEngine,
      engine
    )
    yield* Effect.forkScoped(Stream.runForEach(relay.reconnected, () => line.reconnected))
    yield* relay.joined
    return { relay, line }
  })

/** Follows a call: its states, and how many packets of each slot have come. */
export const followCall = (call: LineCall) =>
  Effect.gen(function*() {
    const states: Array<StateTag> = []
    const packets = { microphone: 0, camera: 0, screen: 0 }
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) =>
      Effect.gen(function*() {
        if (event._tag === "StateChanged") states.push(event.state._tag)
        if (event._tag !== "RemoteTrack") return
        const { slot } = event.track
        yield* Effect.forkScoped(Stream.runForEach(receivedRtp(event.track), () => Effect.sync(() => packets[slot]++)))
      })))
    return { states, packets }
  })

/** Succeeds when media are up. */
export const untilUp = (call: LineCall) =>
  Stream.runDrain(Stream.takeUntil(call.changes, (state) => state._tag === "Connected" && state.media._tag === "Up")).pipe(
    Effect.timeout(20_000)
  )

export const untilOver = (call: LineCall) => Effect.timeout(Stream.runDrain(call.events), 20_000)
