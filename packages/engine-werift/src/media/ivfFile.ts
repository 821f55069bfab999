/** Pictures from an IVF file, for apps that play a video into a call. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { WebRtcError } from "@enigma-rtc/core"
import type { Clip, ClipFrame } from "./Clip.ts"
import { clipSource } from "./clipSource.ts"
import { type Ivf, readIvf } from "./ivf.ts"
import { isVp8KeyFrame, isVp9KeyFrame } from "./keyFrame.ts"
import { faultAt, type MediaFault, openMediaError } from "./MediaFault.ts"
import { packetizeVp8, packetizeVp9 } from "./packetize.ts"
import { readMediaFile } from "./readMediaFile.ts"
import type { RtpSource } from "./RtpSource.ts"

/** 17 minutes at 2 Mbit/s. The file is held in memory. */
const maxFileBytes = 256 * 2 ** 20

/** RTP's clock for video (RFC 7741 section 4.1, RFC 9628 section 4.1). */
const clockRate = 90000

/** A frame each millisecond or less is no video, and would leave the process no time for anything else. */
const minMeanInterval = clockRate / 1000

/** How long a file of one frame shows it before it is sent again. */
const stillLength = clockRate

const codecs = {
  VP80: { mimeType: "video/VP8", packetize: packetizeVp8, isKey: isVp8KeyFrame },
  VP90: { mimeType: "video/VP9", packetize: packetizeVp9, isKey: isVp9KeyFrame }
}

const isSupported = (fourcc: string): fourcc is keyof typeof codecs => Object.hasOwn(codecs, fourcc)

/** An IVF file of VP8 or VP9 as a clip. */
export const videoClip = (file: Uint8Array): Result.Result<Clip, MediaFault> => Result.flatMap(readIvf(file), toClip)

const toClip = ({ fourcc, frames: coded, rate, scale }: Ivf): Result.Result<Clip, MediaFault> => {
  if (!isSupported(fourcc)) {
    return Result.fail(faultAt(`IVF codec ${JSON.stringify(fourcc)}`, 8, `one of ${Object.keys(codecs).join(", ")}`))
  }
  const { isKey, mimeType, packetize } = codecs[fourcc]
  const begin = coded[0]!
  if (!isKey(begin.data)) return Result.fail(faultAt(`${mimeType} frame`, begin.offset, "a key frame first"))
  const frames: Array<ClipFrame> = []
  let [before, last] = [-stillLength, -stillLength]
  for (const { data, offset, time } of coded) {
    const at = Math.round(((time - begin.time) * scale * clockRate) / rate)
    if (!Number.isSafeInteger(at) || at <= last) {
      return Result.fail(faultAt("IVF frame time", offset - 8, `a later tick of ${clockRate} Hz than the frame before, below 2^53`))
    }
    frames.push({ data, at, isKey: isKey(data) })
    before = last
    last = at
  }
  // The file does not say how long its last frame lasts: as long as the one before.
  const length = last + (last - before)
  if (length < frames.length * minMeanInterval) {
    return Result.fail(faultAt("IVF frame times", 16, "at most 1000 frames a second"))
  }
  return Result.succeed({ format: { mimeType, clockRate }, frames, length, packetize })
}

/**
 * Opens an IVF file of VP8 or VP9 (256 MiB at most) as a source. It begins when the first listener subscribes, and
 * waits while there is none. A later listener starts at the next key frame, so make files with a key frame every
 * second or two.
 *
 * @param options.loop - Begin again at the end, for ever. Otherwise listeners are told `end of file`.
 * @returns A source with the one format of the file. Fails with the reason `Media` when the file cannot be read, is
 *   not such a file, does not begin with a key frame, or holds another codec; the detail says where and what was
 *   expected.
 */
export const ivfFile = (
  path: string | URL,
  options: { readonly loop?: boolean } = {}
): Effect.Effect<RtpSource, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const file = yield* readMediaFile(path, maxFileBytes)
    const clip = yield* Effect.fromResult(Result.mapError(videoClip(file), (fault) => openMediaError(String(path), fault)))
    return yield* clipSource("video", [clip], { loop: options.loop ?? false })
  })
