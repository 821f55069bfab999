/** Plays a clip in time to any number of listeners, for the sources that come from files and generators. */
import { Audience } from "./Audience.ts"
import type { Clip } from "./Clip.ts"
import type { RtpFrame } from "./RtpSource.ts"

/** After a stall of the event loop at most this much is sent at once, so that receivers' buffers are not flooded. */
const maxBurstMs = 200

/** Timers of Node overflow at 2^31 ms; a clip with a longer gap is looked at again each minute. */
const maxWaitMs = 60_000

/**
 * Plays one clip. Every due time is reckoned from the start of the clock, so nothing accumulates: a frame's timestamp
 * *is* its due time on that clock.
 *
 * The timer runs only while somebody listens: a file waits for its first listener and for the end of a hold, and an
 * unheard source costs nothing. The clock goes on (it is a subtraction), so that timestamps jump over a pause or a
 * stall, and receivers see silence there, not delay.
 */
export class ClipPlayer {
  readonly #clip: Clip
  readonly #loop: boolean
  readonly #startedMs: number
  readonly #audience = new Audience(() => this.#pause())
  /** The time on the clock, in clock-rate units, of the clip's 0 in this round. */
  #origin = 0
  /** The index of the next frame; after the last one, the number of frames. */
  #next = 0
  #pictureId = 0
  /** Set while playing. */
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param startedMs - When the source's clock began, by `performance.now()`, which no change of the date moves. */
  constructor(clip: Clip, loop: boolean, startedMs: number) {
    this.#clip = clip
    this.#loop = loop
    this.#startedMs = startedMs
  }

  subscribe(listener: (frame: RtpFrame) => void, onEnd: (reason: string) => void): () => void {
    const leave = this.#audience.join(listener, onEnd)
    if (this.#timer === undefined && this.#audience.ended === undefined) this.#resume()
    return leave
  }

  /** Ends for everybody, and leaves no timer. */
  close(reason: string): void {
    this.#pause()
    this.#audience.end(reason)
  }

  get #now(): number {
    return ((performance.now() - this.#startedMs) * this.#clip.format.clockRate) / 1000
  }

  get #due(): number {
    return this.#origin + (this.#clip.frames[this.#next]?.at ?? this.#clip.length)
  }

  #pause(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #resume(): void {
    const { frames } = this.#clip
    // Nobody heard what follows the last key frame, so the first listener gets a picture at once.
    while (frames[this.#next]?.isKey === false) this.#next--
    // A frame that is not due yet keeps its time; none gets the timestamp of one that was sent before.
    this.#origin += Math.max(0, Math.floor(this.#now) + 1 - this.#due)
    this.#schedule()
  }

  #schedule(): void {
    const waitMs = ((this.#due - this.#now) * 1000) / this.#clip.format.clockRate
    this.#timer = setTimeout(() => this.#play(), Math.min(Math.max(Math.ceil(waitMs), 0), maxWaitMs))
  }

  #play(): void {
    const { format, frames, length, packetize } = this.#clip
    const timer = this.#timer
    const now = this.#now
    const tooLate = now - this.#due - (maxBurstMs * format.clockRate) / 1000
    // What a stall held up is moved, not left out: a file loses nothing, and video stays decodable.
    if (tooLate > 0) this.#origin += Math.ceil(tooLate)
    while (this.#due <= now) {
      const frame = frames[this.#next]
      if (frame === undefined) {
        if (!this.#loop) return this.close("end of file")
        this.#origin += length
        this.#next = 0
        continue
      }
      const packets = packetize(frame.data, this.#due % 2 ** 32, this.#pictureId)
      this.#next++
      this.#pictureId = (this.#pictureId + 1) % 2 ** 15
      this.#audience.deliver(packets, frame.isKey)
      // A listener may have left, and another come, meanwhile: then this round of playing is over.
      if (this.#timer !== timer) return
    }
    this.#schedule()
  }
}
