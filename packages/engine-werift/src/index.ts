/** `@enigma-rtc/engine-werift`: calls in plain Node over werift. */
export { ivfFile } from "./media/ivfFile.ts"
export { oggFile } from "./media/oggFile.ts"
export { picture } from "./media/picture.ts"
export type { RtpFormat, RtpFrame, RtpSource } from "./media/RtpSource.ts"
export { rtpStream } from "./media/rtpStream.ts"
export { tone } from "./media/tone.ts"
export { receivedMimeType, type ReceivedPacket, receivedRtp } from "./receivedRtp.ts"
export { WeriftEngine, type WeriftOptions } from "./WeriftEngine.ts"
