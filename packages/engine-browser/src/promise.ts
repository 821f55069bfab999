/** `@enigma-rtc/engine-browser/promise`: what this engine adds to core, for apps without Effect. */
import type { Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { deviceChanges as changes, listDevices as list } from "./devices.ts"
import type { LocalTracks } from "./LocalMedia.ts"
import { makeSources } from "./LocalSources.ts"
import type { DeviceRequest, MediaRequest, ScreenRequest } from "./MediaRequest.ts"

export type { DeviceRequest, LocalTracks, MediaRequest, ScreenRequest }
export { remoteMediaTrack, remoteStream } from "./remoteMedia.ts"

/** `LocalMedia` for apps without Effect; it is the app's to close. */
export interface PromiseMedia extends LocalTracks {
  /** Has a slot send something else in every call from now on; what is muted stays muted. Rejects with a `WebRtcError`. */
  readonly use: {
    (slot: "microphone" | "camera", request: DeviceRequest): Promise<void>
    (slot: "screen", request: ScreenRequest): Promise<void>
  }
  /** Closes what a slot sends. Calls go on with nothing in it, and are told nothing. */
  readonly stop: (slot: Slot) => Promise<void>
  /** Closes all that was opened here. A track of the app's goes on. */
  readonly close: () => Promise<void>
}

/** Opens local media; rejects with a `WebRtcError` of reason `Media`, whose `fault` tells what is wrong. */
export const openMedia = async (request: MediaRequest): Promise<PromiseMedia> => {
  const opened = makeSources(request)
  await opened.open(request)
  const { close, demand, join, preview, stop, track } = opened
  return {
    close,
    demand,
    join,
    preview,
    stop,
    track,
    use: (slot: Slot, source: DeviceRequest | ScreenRequest) => opened.use(slot, source)
  }
}

/** The devices that there are now: microphones, cameras, loudspeakers. */
export const listDevices = (): Promise<ReadonlyArray<MediaDeviceInfo>> => Effect.runPromise(list)

/** The devices that there are now, and again whenever one comes or goes. A loop that is left lets go of it. */
export const deviceChanges = (): AsyncIterable<ReadonlyArray<MediaDeviceInfo>> => Stream.toAsyncIterable(changes)
