/** `@enigma-rtc/engine-sfu`: calls through a mediasoup SFU, in a page. In Node: `@enigma-rtc/engine-sfu/node`. */
export type {
  SfuMethod, SfuNotification, SfuRefusal, SfuReply, SfuRequest, SfuRequests, TransportDirection
} from "./protocol.ts"
export { SfuRefused, type SfuSignaling, SfuUnreachable } from "./SfuSignaling.ts"
