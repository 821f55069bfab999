/** What is behind core's `RemoteTrack`, as native objects: this engine's typed accessors, for apps. */
import type { RemoteTrack } from "@enigma-rtc/core"

const streams = /*#__PURE__*/ new WeakMap<RemoteTrack, MediaStream>()
let count = 0

/** A track that has begun. Ids stay unique in a page, over all calls. */
export const beginTrack = (slot: RemoteTrack["slot"], native: MediaStreamTrack): RemoteTrack => {
  const track: RemoteTrack = { id: `${slot}-${++count}`, slot }
  streams.set(track, new MediaStream([native]))
  return track
}

/** What shows the stream shows nothing from now on. */
export const endTrack = (track: RemoteTrack): void =>
  streams.get(track)?.getTracks().forEach((native) => streams.get(track)?.removeTrack(native))

/**
 * What the far end sends on a track, for a media element's `srcObject`: the same stream each time. It is empty once the
 * track or its call has ended, and for a track of another engine.
 */
export const remoteStream = (track: RemoteTrack): MediaStream => streams.get(track) ?? new MediaStream()

/** The native track, for Web Audio, a canvas or WebCodecs, while the track lives; then none. */
export const remoteMediaTrack = (track: RemoteTrack): MediaStreamTrack | undefined => streams.get(track)?.getTracks()[0]
