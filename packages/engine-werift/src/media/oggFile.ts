/** Sound from an Ogg Opus file, for apps that play a recording or a greeting into a call. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { WebRtcError } from "@enigma-rtc/core"
import type { Clip } from "./Clip.ts"
import { clipSource } from "./clipSource.ts"
import { faultAt, type MediaFault, openMediaError } from "./MediaFault.ts"
import { readOggOpus } from "./oggOpus.ts"
import { packetizeAudio } from "./packetize.ts"
import { readMediaFile } from "./readMediaFile.ts"
import type { RtpSource } from "./RtpSource.ts"

/** Over an hour at 128 kbit/s. The file is held in memory, and its checksums are computed in one go (0.2 s). */
const maxFileBytes = 64 * 2 ** 20

/**
 * One frame of Opus at its highest rate (RFC 6716 section 3.2.1). Opus cannot be cut into several RTP packets, and
 * what is much larger than this is lost on most paths.
 */
const maxPacketBytes = 1275

/** An Ogg Opus file as a clip. */
export const opusClip = (file: Uint8Array): Result.Result<Clip, MediaFault> =>
  Result.flatMap(readOggOpus(file), ({ packets }) => {
    const large = packets.find(({ data }) => data.length > maxPacketBytes)
    if (large !== undefined) {
      const expected = `at most ${maxPacketBytes} bytes, found ${large.data.length}: one RTP packet carries it whole (RFC 7587 section 4.2)`
      return Result.fail(faultAt("Opus packet", large.offset, expected))
    }
    let length = 0
    const frames = packets.map(({ data, duration }) => {
      const frame = { data, at: length, isKey: true }
      length += duration
      return frame
    })
    const format = { mimeType: "audio/opus", clockRate: 48000, channels: 2 }
    return Result.succeed({ format, frames, length, packetize: packetizeAudio })
  })

/**
 * Opens an Ogg Opus file (RFC 7845; mono or stereo, 64 MiB at most) as a source. It begins when the first listener
 * subscribes, and waits while there is none.
 *
 * @param options.loop - Begin again at the end, for ever. Otherwise listeners are told `end of file`.
 * @returns A source with the one format `audio/opus`. Fails with the reason `Media` when the file cannot be read, or
 *   is not such a file; the detail says where and what was expected.
 */
export const oggFile = (
  path: string | URL,
  options: { readonly loop?: boolean } = {}
): Effect.Effect<RtpSource, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const file = yield* readMediaFile(path, maxFileBytes)
    const clip = yield* Effect.fromResult(Result.mapError(opusClip(file), (fault) => openMediaError(String(path), fault)))
    return yield* clipSource("audio", [clip], { loop: options.loop ?? false })
  })
