/** `@enigma-rtc/engine-browser`: calls in a page, over its own RTCPeerConnection. */
export { BrowserEngine, type BrowserOptions } from "./BrowserEngine.ts"
export { deviceChanges, listDevices } from "./devices.ts"
export { type LocalMedia, type LocalTracks, openMedia } from "./LocalMedia.ts"
export type { SendingCall } from "./LocalSources.ts"
export type { DeviceRequest, MediaRequest, ScreenRequest, SlotRequests } from "./MediaRequest.ts"
export { remoteMediaTrack, remoteStream } from "./remoteMedia.ts"
