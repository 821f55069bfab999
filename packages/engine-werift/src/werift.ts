/** The only file that imports the werift library: what the engine uses of it, and with which codecs. */
import {
  CandidatePairState,
  MediaStreamTrack,
  RTCPeerConnection,
  type RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket,
  useH264,
  useOPUS,
  usePCMA,
  usePCMU,
  useVP8,
  useVP9
} from "werift"

export { CandidatePairState, MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket }
export type {
  RTCDataChannel,
  RTCDtlsTransport,
  RTCIceCandidate,
  RTCIceTransport,
  RTCRtpCodecParameters,
  RTCRtpTransceiver,
  RTCSctpTransport,
  RTCStatsReport
} from "werift"

/**
 * What the engine can pass on; it neither codes nor decodes, so that this is a matter of payload formats alone. New
 * ones each time, because werift writes its payload types into them.
 */
export const codecs = (): { readonly audio: Array<RTCRtpCodecParameters>; readonly video: Array<RTCRtpCodecParameters> } => ({
  audio: [useOPUS({ mimeType: "audio/opus" }), usePCMU(), usePCMA()],
  video: [useVP8(), useVP9(), useH264()]
})
