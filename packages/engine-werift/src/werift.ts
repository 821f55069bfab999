/** The only file that imports the werift library: what the engine uses of it, and with which codecs. */
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RtpHeader,
  RtpPacket,
  useH264,
  useOPUS,
  usePCMA,
  usePCMU,
  useVP8,
  useVP9
} from "werift"

export { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket }
export type {
  RTCDataChannel,
  RTCIceCandidate,
  RTCRtpTransceiver,
  RTCStatsReport
} from "werift"

/** `opus` of `audio/opus`, without case. */
const encodingName = (mimeType: string): string => (mimeType.split("/")[1] ?? "").toLowerCase()

/** Codecs of one kind with the preferred one first; an unknown preference changes nothing. */
export const preferring = <C extends { readonly mimeType: string }>(
  codecs: ReadonlyArray<C>,
  preferCodec: string | undefined
): Array<C> => {
  const wanted = preferCodec?.toLowerCase()
  const isWanted = (codec: C) => encodingName(codec.mimeType) === wanted
  return [...codecs.filter(isWanted), ...codecs.filter((codec) => !isWanted(codec))]
}

/** What the engine can pass on; it neither codes nor decodes, so that this is a matter of payload formats alone. */
export const codecs = (preferCodec: string | undefined) => ({
  audio: preferring([useOPUS(), usePCMU(), usePCMA()], preferCodec),
  video: preferring([useVP8(), useVP9(), useH264()], preferCodec)
})
