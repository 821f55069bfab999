/** A moving test picture, for bots, tests and demos that need a camera where there is none. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { WebRtcError } from "@enigma-rtc/core"
import { clipSource } from "./clipSource.ts"
import { videoClip } from "./ivfFile.ts"
import { openMediaError } from "./MediaFault.ts"
import { readMediaFile } from "./readMediaFile.ts"
import type { RtpSource } from "./RtpSource.ts"

/** Made by scripts/makeMedia.mjs; the same paths from `src/media` and from `dist/media`. */
const assets = /*#__PURE__*/ ["picture-vp8.ivf", "picture-vp9.ivf"].map((name) => ({
  name,
  url: new URL(`../../media/${name}`, import.meta.url)
}))

/**
 * Opens a moving test picture of 320 × 180 pixels, 15 frames a second, about 150 kbit/s, with a key frame each
 * second, as VP8 (RFC 7741) or VP9 (RFC 9628). It lasts three seconds and begins again for ever.
 *
 * @returns The source. Fails with the reason `Media` only when the package's own files in `media/` are missing or
 *   damaged.
 */
export const picture = (): Effect.Effect<RtpSource, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const clips = yield* Effect.forEach(assets, ({ name, url }) =>
      Effect.flatMap(readMediaFile(url, 2 ** 20), (file) =>
        Effect.fromResult(Result.mapError(videoClip(file), (fault) => openMediaError(name, fault)))))
    return yield* clipSource("video", clips, { loop: true })
  })
