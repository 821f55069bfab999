/** What the far end sends, as a stream of RTP packets: the accessor in Node for core's `RemoteTrack`. */
import type { RemoteTrack } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"

/** One RTP packet (RFC 3550 section 5.1), decrypted, without padding. */
export interface ReceivedPacket {
  readonly payloadType: number
  readonly sequenceNumber: number
  /** In units of the codec's clock rate. */
  readonly timestamp: number
  readonly marker: boolean
  readonly ssrc: number
  readonly payload: Uint8Array
}

/** How many packets wait for a slow reader: about five seconds of video; after that the oldest go. */
const capacity = 2_048

/** The packets of one remote track, for any number of listeners. */
export class ReceivedTrack {
  readonly #queues = new Set<Queue.Queue<ReceivedPacket, Cause.Done>>()
  mimeType: string | undefined
  #ended = false

  deliver(packet: ReceivedPacket): void {
    for (const queue of this.#queues) Queue.offerUnsafe(queue, packet)
  }

  end(): void {
    this.#ended = true
    for (const queue of this.#queues) Queue.endUnsafe(queue)
    this.#queues.clear()
  }

  readonly packets: Stream.Stream<ReceivedPacket> = Stream.unwrap(
    Effect.map(
      Effect.acquireRelease(
        Effect.tap(Queue.sliding<ReceivedPacket, Cause.Done>(capacity), (queue) =>
          Effect.sync(() => {
            if (this.#ended) Queue.endUnsafe(queue)
            else this.#queues.add(queue)
          })),
        (queue) => Effect.sync(() => this.#queues.delete(queue))
      ),
      Stream.fromQueue
    )
  )
}

const tracks = new WeakMap<RemoteTrack, ReceivedTrack>()

export const registerTrack = (track: RemoteTrack, received: ReceivedTrack): void => {
  tracks.set(track, received)
}

/**
 * The packets of a remote track from now on, in the order of arrival; ends when the track or its call ends. Any number
 * of readers. A track of another engine gives an empty stream.
 */
export const receivedRtp = (track: RemoteTrack): Stream.Stream<ReceivedPacket> => tracks.get(track)?.packets ?? Stream.empty

/** How a remote track is coded: `audio/opus`, `video/VP8` … */
export const receivedMimeType = (track: RemoteTrack): string | undefined => tracks.get(track)?.mimeType
