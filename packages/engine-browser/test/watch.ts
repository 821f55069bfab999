/** What a person would see and hear of a stream: decoded pictures, and sound. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { receivers } from "./openConnections.ts"

/** The hue of the picture that is shown now, in degrees, or none. */
export const openEyes = (stream: MediaStream): Effect.Effect<() => number | undefined, never, Scope.Scope> =>
  Effect.gen(function*() {
    const video = Object.assign(document.createElement("video"), { muted: true, autoplay: true, playsInline: true })
    video.srcObject = stream
    yield* Effect.addFinalizer(() => Effect.sync(() => {
      video.srcObject = null
    }))
    const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
    return () => {
      if (context === null || video.videoWidth === 0) return undefined
      context.drawImage(video, 0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      const [least, most] = [Math.min(red, green, blue), Math.max(red, green, blue)]
      if (most - least < 0.1) return undefined
      const sixth = most === red ? (green - blue) / (most - least) : most === green ? 2 + (blue - red) / (most - least) : 4 + (red - green) / (most - least)
      return (sixth * 60 + 360) % 360
    }
  })

/**
 * How much sound has come out of a track's decoder until now (W3C webrtc-stats, "totalAudioEnergy"), while an element plays
 * it. Not by Web Audio: in Firefox that stands still on a machine without a sound card.
 */
export const openEars = (stream: MediaStream): Effect.Effect<() => Promise<number>, never, Scope.Scope> =>
  Effect.gen(function*() {
    const element = new Audio()
    element.volume = 0.01
    element.srcObject = stream
    void element.play().catch(() => {})
    yield* Effect.addFinalizer(() => Effect.sync(() => {
      element.srcObject = null
    }))
    const receiver = receivers().find(({ track }) => stream.getTracks().includes(track))
    return async () => {
      for (const one of (await receiver?.getStats())?.values() ?? []) if (one.type === "inbound-rtp") return one.totalAudioEnergy ?? 0
      return 0
    }
  })

export const isNear = (value: number | undefined, wanted: number, tolerance: number): boolean =>
  value !== undefined && Math.abs(value - wanted) <= tolerance
