/** The only file that imports the werift library. */
export {
  CandidatePairState, MediaStream, MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useAbsSendTime, useSdesMid, useTransportWideCC
} from "werift"
export type { RTCDtlsTransport, RTCIceTransport, RTCSctpTransport } from "werift"
