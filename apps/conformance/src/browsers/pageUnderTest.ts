/** The engine of a page, with sources for every slot and a way to see what arrives. Runs in the page. */
/// <reference lib="dom" />
import { RtcEngine } from "@enigma-rtc/core"
import { BrowserEngine, remoteMediaTrack } from "@enigma-rtc/engine-browser"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { allCapabilities } from "../allCapabilities.ts"
import { decodedOf } from "./decodedMedia.ts"
import type { MadeUpMedia } from "./madeUpMedia.ts"

/** How long a microphone lasts that ends by itself. */
const endsAfterMs = 800

export const pageUnderTest = (media: MadeUpMedia): EngineUnderTest => {
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
    media: { arrived: decodedOf(remoteMediaTrack), ending }
  }
}
