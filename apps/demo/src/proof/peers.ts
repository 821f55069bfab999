/** Two Node peers on one relay, each with a generated microphone and camera over werift. */
import { CallLine, type RtcConfigInput, RtcEngine, type WebRtcError } from "@enigma-rtc/core"
import { picture, tone, WeriftEngine } from "@enigma-rtc/engine-werift"
import { type MemoryRelay, memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface Peers {
  readonly relay: MemoryRelay
  readonly alice: CallLine
  readonly bob: CallLine
}

const config: RtcConfigInput = { enableData: true, ringTimeoutMs: 10_000, connectTimeoutMs: 10_000 }

/** Everything stays on this machine: media goes over loopback, signaling over an object in memory. */
export const openPeers: Effect.Effect<Peers, WebRtcError, Scope.Scope> = Effect.gen(function*() {
  const relay = memoryRelay()
  const open = (name: string) =>
    Effect.gen(function*() {
      const engine = yield* WeriftEngine.make({
        media: { microphone: tone(), camera: picture() },
        localAddresses: { udp4: "127.0.0.1" }
      })
      const channel = yield* relay.join(name)
      return yield* Effect.provideService(CallLine.make({ device: name, channel, config }), RtcEngine, engine)
    })
  return { relay, alice: yield* open("alice"), bob: yield* open("bob") }
})
