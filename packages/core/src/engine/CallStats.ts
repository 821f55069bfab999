/** Figures of a call, with their units in their names. */
import type { Slot } from "../call/MediaIntent.ts"

/** One end of the media path. */
export interface PathEnd {
  readonly address: string
  readonly port: number
  readonly protocol: "udp" | "tcp"
  /** RFC 8445 section 5.1.1. */
  readonly type: "host" | "srflx" | "prflx" | "relay"
}

/** RTP in one direction, since the call began. What an engine cannot tell is left out. */
export interface RtpFigures {
  readonly slot: Slot
  /** `audio/opus`, `video/VP8` … */
  readonly mimeType?: string
  readonly packets: number
  /** Payload, without headers. */
  readonly bytes: number
  /** Of what is sent: as the far end reports it (RFC 3550 section 6.4). */
  readonly packetsLost?: number
  /** Of what is sent: as the far end reports it. */
  readonly jitterMs?: number
  /** What is sent: to the far end and back, as its reports tell. */
  readonly roundTripTimeMs?: number
  /** Payload, from the last time that figures of this call were asked for until now. Left out the first time. */
  readonly bitsPerSecond?: number
  /** Video: how many pictures were sent, or received and decoded. */
  readonly frames?: number
  /** Video: pictures in the last second. */
  readonly framesPerSecond?: number
  /** Video: the size of the last picture, in pixels. */
  readonly frameWidth?: number
  readonly frameHeight?: number
}

/** Figures of a call. What an engine cannot tell is left out. */
export interface CallStats {
  readonly sent: ReadonlyArray<RtpFigures>
  readonly received: ReadonlyArray<RtpFigures>
  /** The pair that ICE selected. */
  readonly path?: { readonly local: PathEnd; readonly remote: PathEnd }
  readonly roundTripTimeMs?: number
}
