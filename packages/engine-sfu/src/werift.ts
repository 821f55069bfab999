/** The only file that imports the werift library. */
export { MediaStream, MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useAbsSendTime, useSdesMid, useTransportWideCC } from "werift"
export type { RTCSctpTransport } from "werift"
