/** Makes a scoped source out of clips, one for each format that it can be heard in. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { closed } from "./Audience.ts"
import type { Clip } from "./Clip.ts"
import { ClipPlayer } from "./ClipPlayer.ts"
import type { RtpSource } from "./RtpSource.ts"

/** A source that plays the same content in any of the formats of `clips`, which are in order of preference. */
export const clipSource = (
  kind: "audio" | "video",
  clips: ReadonlyArray<Clip>,
  options: { readonly loop: boolean }
): Effect.Effect<RtpSource, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const startedMs = performance.now()
        return clips.map((clip) => ({ format: clip.format, player: new ClipPlayer(clip, options.loop, startedMs) }))
      }),
      (players) => Effect.sync(() => players.forEach(({ player }) => player.close(closed)))
    ),
    (players): RtpSource => ({
      kind,
      formats: players.map(({ format }) => format),
      subscribe: (format, listener, onEnd) => {
        const wanted = format.mimeType.toLowerCase()
        const found = players.find(({ format }) => format.mimeType.toLowerCase() === wanted)
        if (found === undefined) throw new RangeError(`This source has no ${format.mimeType}`)
        return found.player.subscribe(listener, onEnd)
      }
    })
  )
