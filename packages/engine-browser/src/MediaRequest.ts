/** What local media an app asks for. */

/**
 * Where a microphone or a camera comes from: any device (`true`), one that meets constraints, such as
 * `{ deviceId: "…" }` (W3C Media Capture, "MediaTrackConstraints"), or a track that the app already has, which stays the
 * app's: it is never stopped here.
 */
export type DeviceRequest = true | MediaTrackConstraints | MediaStreamTrack

/** Where the screen comes from: the browser asks its user which; or a track that the app already has. */
export type ScreenRequest = true | DisplayMediaStreamOptions | MediaStreamTrack

/** What each slot is asked for. */
export interface SlotRequests {
  readonly microphone?: DeviceRequest
  readonly camera?: DeviceRequest
  /** The browser asks its user, and wants a click just before (W3C Screen Capture, "getDisplayMedia()"). */
  readonly screen?: ScreenRequest
}

/** Local media to open: what is left out can be added later, by `use`. */
export interface MediaRequest extends SlotRequests {
  /**
   * What becomes of a device that no call sends: muted, off, or held. `keep`, the default: it stays open, and is there at
   * once. `free`: it is closed, so that its light goes out, and opened again when a call sends it. A screen, and a track of
   * the app's, are always kept.
   */
  readonly whenMuted?: "keep" | "free"
}
