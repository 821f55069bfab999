/** engine-werift, for the conformance suite and for calls with other engines. */
import type { RemoteTrack } from "@enigma-rtc/core"
import { picture, receivedRtp, rtpStream, tone, WeriftEngine, type WeriftOptions } from "@enigma-rtc/engine-werift"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { openFiles, udpPath } from "@enigma-rtc/testing/node"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { allCapabilities } from "./allCapabilities.ts"

const counts = new WeakMap<RemoteTrack, { packets: number }>()

/** Packets of a track since it was first asked for. */
const arrived = (track: RemoteTrack): Effect.Effect<number> =>
  Effect.sync(() => {
    const known = counts.get(track)
    if (known !== undefined) return known.packets
    const count = { packets: 0 }
    counts.set(track, count)
    Effect.runFork(Stream.runForEach(receivedRtp(track), () => Effect.sync(() => count.packets++)))
    return 0
  })

/** A second of opus. */
const ends = rtpStream({
  format: { mimeType: "audio/opus", clockRate: 48_000, channels: 2 },
  packets: Stream.tick("20 millis").pipe(
    Stream.take(50),
    Stream.map(() => ({ payload: new Uint8Array(20), timestamp: 0, marker: false }))
  )
})

const media = { microphone: tone(), camera: picture(), screen: picture() }

/** Which addresses its ends use: every one of the machine's, for stacks that do not look at loopback. */
export const weriftUnderTest = (network: Omit<WeriftOptions, "media"> = { localAddresses: { udp4: "127.0.0.1" } }): EngineUnderTest => {
  const layer = WeriftEngine.layer({ ...network, media })
  return {
    left: layer,
    right: layer,
    capabilities: allCapabilities,
    media: { arrived, ending: WeriftEngine.layer({ ...network, media: { ...media, microphone: ends } }) },
    path: () => udpPath(),
    resources: openFiles
  }
}
