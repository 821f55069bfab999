/** A test tone, for bots, tests and demos that need a microphone where there is none. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { WebRtcError } from "@enigma-rtc/core"
import type { Clip } from "./Clip.ts"
import { clipSource } from "./clipSource.ts"
import { encodeALaw, encodeMuLaw } from "./g711.ts"
import { openMediaError } from "./MediaFault.ts"
import { opusClip } from "./oggFile.ts"
import { packetizeAudio } from "./packetize.ts"
import { readMediaFile } from "./readMediaFile.ts"
import type { RtpSource } from "./RtpSource.ts"

/** Made by scripts/makeMedia.mjs; the same path from `src/media` and from `dist/media`. */
const asset = /*#__PURE__*/ new URL("../../media/tone.ogg", import.meta.url)

const hertz = 440
/** As loud as the asset: a quarter of full scale, -12 dBFS. */
const amplitude = 0.25 * 32767
const clockRate = 8000
/** 20 ms, the usual piece (RFC 3551 section 4.2). */
const frameSamples = 160
/** 100 ms hold 44 whole periods, so that the loop has no click. */
const frameCount = 5

const g711Clip = (mimeType: string, encode: (sample: number) => number): Clip => ({
  format: { mimeType, clockRate, channels: 1 },
  frames: Array.from({ length: frameCount }, (_, index) => ({
    data: Uint8Array.from({ length: frameSamples }, (_, sample) =>
      encode(Math.round(amplitude * Math.sin((2 * Math.PI * hertz * (index * frameSamples + sample)) / clockRate)))),
    at: index * frameSamples,
    isKey: true
  })),
  length: frameCount * frameSamples,
  packetize: packetizeAudio
})

/**
 * Opens a tone of 440 Hz without end or seam, a quarter of full scale, mono, in packets of 20 ms: as Opus (RFC 7587),
 * PCMU or PCMA (RFC 3551).
 *
 * @returns The source. Fails with the reason `Media` only when the package's own `media/tone.ogg` is missing or
 *   damaged.
 */
export const tone = (): Effect.Effect<RtpSource, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const file = yield* readMediaFile(asset, 2 ** 20)
    const opus = yield* Effect.fromResult(Result.mapError(opusClip(file), (fault) => openMediaError("tone.ogg", fault)))
    const clips = [opus, g711Clip("audio/PCMU", encodeMuLaw), g711Clip("audio/PCMA", encodeALaw)]
    return yield* clipSource("audio", clips, { loop: true })
  })
