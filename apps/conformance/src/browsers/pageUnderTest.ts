/** The engine of a page, with sources for every slot and a way to see what arrives. Runs in the page. */
/// <reference lib="dom" />
import { RtcEngine, type RemoteTrack } from "@enigma-rtc/core"
import { BrowserEngine, remoteMediaTrack } from "@enigma-rtc/engine-browser"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { allCapabilities } from "../allCapabilities.ts"
import { decoded } from "./decodedMedia.ts"
import type { MadeUpMedia } from "./madeUpMedia.ts"

/** Who waits for something asks every few milliseconds; a report is not made as often. */
const sampleMs = 50

interface Sample {
  readonly at: number
  readonly count: Promise<number>
}

/** How long a microphone lasts that ends by itself. */
const endsAfterMs = 800

export const pageUnderTest = (media: MadeUpMedia): EngineUnderTest => {
  const samples = new WeakMap<RemoteTrack, Sample>()
  /** What has been decoded until now; of a track that is over, what had been. */
  const arrived = (track: RemoteTrack) => {
    const last = samples.get(track)
    const native = remoteMediaTrack(track)
    if (last !== undefined && (native === undefined || performance.now() - last.at < sampleMs)) return last.count
    const sample = { at: performance.now(), count: native === undefined ? Promise.resolve(0) : decoded(native) }
    samples.set(track, sample)
    return sample.count
  }
  const layer = BrowserEngine.layer({ media })
  const ending = Layer.effect(
    RtcEngine,
    Effect.suspend(() => {
      const microphone = media.microphone.clone()
      setTimeout(() => {
        microphone.stop()
        // A page that stops a track is not told, as it is when a device goes.
        microphone.dispatchEvent(new Event("ended"))
      }, endsAfterMs)
      return BrowserEngine.make({ media: { ...media, microphone } })
    })
  )
  return {
    left: layer,
    right: layer,
    capabilities: allCapabilities,
    media: { arrived: (track) => Effect.promise(() => arrived(track)), ending }
  }
}
