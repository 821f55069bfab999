/** What a page needs to send through an SFU, as one script that is loaded only then. */
export { remoteStream, SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu"
export { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
