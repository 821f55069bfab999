/** The shape of local media in Node: what `tone()`, `picture()`, `oggFile(…)`, `ivfFile(…)` and `rtpStream(…)` of `@enigma-rtc/engine-werift` give. */

/** How a source's media is coded, as SDP names it (RFC 8866 section 6.6, `a=rtpmap`). */
export interface RtpFormat {
  /** Kind and encoding name, such as `audio/opus` or `video/VP8`. Compared without regard to case. */
  readonly mimeType: string
  /** RTP timestamp units a second (Hz). */
  readonly clockRate: number
  /** Audio channels as `a=rtpmap` writes them. */
  readonly channels?: number
}

/** One encoded piece, ready to be sent as one RTP packet (RFC 3550). */
export interface RtpFrame {
  /** With the payload format's own header, and without the RTP header. */
  readonly payload: Uint8Array
  /** In `clockRate` units, wrapping at 2^32. The engine may add a constant. */
  readonly timestamp: number
  /** The last packet of a video frame. */
  readonly marker: boolean
  /** How many packets were lost before this one, on the way into the source; left out for none. */
  readonly lostBefore?: number
}

/** A local source of media, like a microphone: heard by any number of listeners, and ended for all of them at once. */
export interface RtpSource {
  readonly kind: "audio" | "video"
  /** In order of preference; the room takes the one that its server's router has first. */
  readonly formats: ReadonlyArray<RtpFormat>
  /** Starts sending the frames of one format; the returned function stops it. `onEnd` is told why the source ended, in words. */
  readonly subscribe: (format: RtpFormat, listener: (frame: RtpFrame) => void, onEnd: (reason: string) => void) => () => void
}
