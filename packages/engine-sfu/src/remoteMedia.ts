/** What is behind core's `RemoteTrack` in a page, as native objects: this engine's typed accessors, for apps. */
import type { RemoteTrack, Slot } from "@enigma-rtc/core"
import type { Received } from "./Stack.ts"

const streams = /*#__PURE__*/ new WeakMap<RemoteTrack, MediaStream>()
let count = 0

const empty = (stream: MediaStream): void => stream.getTracks().forEach((native) => stream.removeTrack(native))

/** A track that begins. Ids stay unique in a page, over all calls. */
export const beginTrack = (slot: Slot): Received => {
  const track: RemoteTrack = { id: `sfu-${slot}-${++count}`, slot }
  const stream = new MediaStream()
  streams.set(track, stream)
  return {
    track,
    attach: (consumer) => {
      empty(stream)
      stream.addTrack(consumer.track)
    },
    end: () => empty(stream)
  }
}

/**
 * What the far end sends on a track, for a media element's `srcObject`: the same stream each time. It is empty once the
 * track or its call has ended, and for a track of another engine.
 */
export const remoteStream = (track: RemoteTrack): MediaStream => streams.get(track) ?? new MediaStream()

/** The native track, for Web Audio, a canvas or WebCodecs, while the track lives; then none. */
export const remoteMediaTrack = (track: RemoteTrack): MediaStreamTrack | undefined => streams.get(track)?.getTracks()[0]
