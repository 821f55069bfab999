/** What a page sends through a room: local media of `@enigma-rtc/engine-browser`, or tracks that the app has. */
import { type Slot, slots } from "@enigma-rtc/core"
import type { SendingCall } from "./Stack.ts"

/**
 * Local media as a room needs it: what `openMedia` of `@enigma-rtc/engine-browser` gives, or anything of that shape. It may be
 * sent by calls of both engines at the same time.
 */
export interface RoomMedia {
  /** What a slot sends now, if there is anything. */
  readonly track: (slot: Slot) => MediaStreamTrack | undefined
  /** A call begins to send from here. Gives how it leaves. */
  readonly join: (call: SendingCall) => () => void
  /** What a call sends may have changed. */
  readonly demand: () => void
}

/** Tracks of the app's: they are never stopped here. */
export type RoomTracks = { readonly [S in Slot]?: MediaStreamTrack }

const ofTracks = (tracks: RoomTracks): RoomMedia => {
  const calls = new Set<SendingCall>()
  for (const slot of slots) {
    tracks[slot]?.addEventListener("ended", () =>
      calls.forEach((call) => {
        // Firefox goes on to send it, as silence.
        call.changed().catch(() => {})
        call.ended(slot, "It is gone, or may no longer be used.")
      }))
  }
  return {
    track: (slot) => {
      const track = tracks[slot]
      return track?.readyState === "live" ? track : undefined
    },
    join: (call) => {
      calls.add(call)
      return () => calls.delete(call)
    },
    demand: () => {}
  }
}

export const roomMedia = (media: RoomMedia | RoomTracks = {}): RoomMedia => ("join" in media ? media : ofTracks(media))
