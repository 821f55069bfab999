/** RTP that comes from elsewhere, such as ffmpeg or GStreamer over UDP, as a source for a call. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { WebRtcError } from "@enigma-rtc/core"
import { Audience, closed } from "./Audience.ts"
import { readRtpPacket } from "./rtpPacket.ts"
import type { RtpFormat, RtpFrame, RtpSource } from "./RtpSource.ts"

/** A jump forward of more packets than this is a sender that began anew, not loss (RFC 3550 appendix A.1). */
const maxDropout = 3000
/** A packet of at most this many places back is late; further back, the sender began anew (RFC 3550 appendix A.1). */
const maxMisorder = 100

/** Makes frames out of the packets of one sender, in order, noting what was lost. */
const makeReader = (): (packet: Uint8Array) => RtpFrame | undefined => {
  let before: { readonly ssrc: number; readonly sequenceNumber: number } | undefined
  return (packet) => {
    const read = readRtpPacket(packet)
    // A UDP port takes what anybody sends it: what is not RTP is nothing.
    if (Result.isFailure(read)) return undefined
    const { marker, payload, sequenceNumber, ssrc, timestamp } = read.success
    const step = before?.ssrc === ssrc ? (sequenceNumber - before.sequenceNumber + 2 ** 16) % 2 ** 16 : 1
    // Repeated or late. The gap it left is already sent on, and the engine's numbers only go forward.
    if (step === 0 || step >= 2 ** 16 - maxMisorder) return undefined
    before = { ssrc, sequenceNumber }
    if (payload.length === 0) return undefined
    const frame: RtpFrame = { payload, timestamp, marker }
    return step > 1 && step <= maxDropout ? { ...frame, lostBefore: step - 1 } : frame
  }
}

/**
 * Opens a stream of RTP as a source. It is read as long as the scope is open, also while nobody listens: what nobody
 * hears is gone, as with a microphone. Payloads, timestamps, markers and losses are passed on as they are; a new
 * listener of video gets what comes, so let the sender make a key frame every second or two.
 *
 * @param options.format - How the packets are coded; the payload types in them are not looked at.
 * @param options.packets - One sender's packets, as a stream or an async iterable: whole RTP packets (RFC 3550), as they come from a socket, or frames.
 *   What is not RTP, repeated, or late is left out. When the stream ends or fails, listeners are told so.
 * @returns A source with that one format. Fails with the reason `InvalidConfig` when the MIME type is neither audio
 *   nor video.
 */
export const rtpStream = <E = never, R = never>(options: {
  readonly format: RtpFormat
  readonly packets: Stream.Stream<Uint8Array | RtpFrame, E, R> | AsyncIterable<Uint8Array | RtpFrame>
}): Effect.Effect<RtpSource, WebRtcError, Scope.Scope | R> =>
  Effect.gen(function*() {
    const { format } = options
    const packets = Stream.isStream(options.packets)
      ? options.packets
      : Stream.fromAsyncIterable(options.packets, (thrown) => thrown)
    const kind = format.mimeType.split("/", 1)[0]?.toLowerCase()
    if (kind !== "audio" && kind !== "video") {
      return yield* new WebRtcError({
        engine: "werift",
        operation: "openMedia",
        reason: { _tag: "InvalidConfig", field: "format.mimeType", expected: "audio/… or video/…" }
      })
    }
    const audience = yield* Effect.acquireRelease(
      Effect.sync(() => new Audience(() => {})),
      (audience) => Effect.sync(() => audience.end(closed))
    )
    const read = makeReader()
    const deliver = (packet: Uint8Array | RtpFrame) =>
      Effect.sync(() => {
        const frame = packet instanceof Uint8Array ? read(packet) : packet
        if (frame !== undefined) audience.deliver([frame], true)
      })
    yield* Effect.forkScoped(
      Stream.runForEach(packets, deliver).pipe(
        Effect.matchCause({
          onSuccess: () => audience.end("end of stream"),
          onFailure: (cause) =>
            audience.end(Cause.hasInterruptsOnly(cause) ? closed : `the stream failed: ${Cause.prettyErrors(cause)[0]?.message}`)
        })
      )
    )
    return {
      kind,
      formats: [format],
      subscribe: (wanted, listener, onEnd) => {
        if (wanted.mimeType.toLowerCase() !== format.mimeType.toLowerCase()) {
          throw new RangeError(`This source has no ${wanted.mimeType}`)
        }
        return audience.join(listener, onEnd)
      }
    }
  })
