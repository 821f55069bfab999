/** The shape of local media: anything that can be heard or seen as encoded RTP, for apps that give it and for the engine that sends it. */

/** How a source's media is coded, as SDP names it (RFC 8866 section 6.6, `a=rtpmap`). */
export interface RtpFormat {
  /** Kind and encoding name, such as `audio/opus`, `audio/PCMU` or `video/VP8`. Compared without regard to case. */
  readonly mimeType: string
  /** RTP timestamp units a second (Hz). */
  readonly clockRate: number
  /** Audio channels as `a=rtpmap` writes them; always 2 for Opus (RFC 7587 section 7), left out for video. */
  readonly channels?: number
}

/**
 * One encoded piece, ready to be sent as one RTP packet (RFC 3550). The engine fills in payload type, SSRC and its
 * own sequence numbers, and may add a constant to the timestamps.
 */
export interface RtpFrame {
  /** The RTP payload, with the payload format's own header (RFC 7741, RFC 9628 …) and without the RTP header. */
  readonly payload: Uint8Array
  /**
   * When this was due on the source's clock, in `clockRate` units, wrapping at 2^32. The clock runs from 0 at the
   * opening of the source and never stops, also while nobody listens. A source of foreign RTP keeps the sender's.
   */
  readonly timestamp: number
  /** The last packet of a video frame (RFC 7741 section 4.1). False for audio that is sent without gaps (RFC 3551 section 4.1). */
  readonly marker: boolean
  /**
   * How many packets were lost before this one, on the way into a source of foreign RTP; left out for none. The
   * engine leaves out as many sequence numbers, so that the receiver sees the loss instead of a damaged frame
   * (RFC 3550 section 7.1).
   */
  readonly lostBefore?: number
}

/**
 * A local source of media, like a microphone: opened once, with a scope; it keeps its own clock, is heard by any
 * number of listeners (several peer connections), and ends for all of them when its scope closes.
 */
export interface RtpSource {
  /** What it is. */
  readonly kind: "audio" | "video"
  /** In order of preference; the engine takes the first that was negotiated. */
  readonly formats: ReadonlyArray<RtpFormat>
  /**
   * Starts sending the frames of one format to a listener; the returned function stops it, at once and for good.
   *
   * Neither function is called before `subscribe` returns, and neither may throw. Video from a file or a generator
   * starts at a key frame.
   *
   * @param format - One of {@link RtpSource.formats}; any other throws a `RangeError`, because it is a bug of the engine.
   * @param onEnd - Called at most once, when the source ends: of itself (`end of file`), by a failure, or because its
   *   scope closed, with the reason in words. Not called after the listener was stopped.
   */
  readonly subscribe: (
    format: RtpFormat,
    listener: (frame: RtpFrame) => void,
    onEnd: (reason: string) => void
  ) => () => void
}
