/** Media that is held in memory and can be played in time: what a file or a generator gives to the player. */
import type { Packetize } from "./packetize.ts"
import type { RtpFormat } from "./RtpSource.ts"

/** One coded frame of a clip. */
export interface ClipFrame {
  readonly data: Uint8Array
  /** When it is due after the beginning of the clip, in units of the format's clock rate; a whole number. */
  readonly at: number
  /** Whether a listener can start here: a key frame of video, any frame of audio. */
  readonly isKey: boolean
}

/** A finite piece of media in one format. */
export interface Clip {
  readonly format: RtpFormat
  /** At least one, each later than the one before; the first is at 0 and is a key frame. */
  readonly frames: ReadonlyArray<ClipFrame>
  /** When the clip is over, or begins again, in units of the format's clock rate; more than the last frame's time. */
  readonly length: number
  readonly packetize: Packetize
}
