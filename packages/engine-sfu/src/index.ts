/** `@enigma-rtc/engine-sfu`: calls through a mediasoup SFU, in a page. In Node: `@enigma-rtc/engine-sfu/node`. */
export type { RoomMedia, RoomTracks } from "./localMedia.ts"
export { type PageRoomOptions, SfuRoom } from "./page.ts"
export type {
  SfuMethod, SfuNotification, SfuRefusal, SfuReply, SfuRequest, SfuRequests, TransportDirection
} from "./protocol.ts"
export { type Layers, preferLayers, remoteQuality, type RemoteQuality } from "./quality.ts"
export { remoteMediaTrack, remoteStream } from "./remoteMedia.ts"
export { SfuEngine, type SfuEngineOptions } from "./SfuEngine.ts"
export type { RoomOptions } from "./SfuRoom.ts"
export { SfuRefused, type SfuSignaling, SfuUnreachable } from "./SfuSignaling.ts"
export type { SendingCall } from "./Stack.ts"
export type { Token } from "./Stay.ts"
export { InvalidTicket } from "./ticket.ts"
