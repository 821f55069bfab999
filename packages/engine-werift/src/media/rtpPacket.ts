/** Reads an RTP packet's header, for the source of RTP that comes from elsewhere. */
import * as Result from "effect/Result"
import { faultAt, type MediaFault } from "./MediaFault.ts"

/** What an RTP packet says (RFC 3550 section 5.1); its contributing sources and header extension are left out. */
export interface RtpPacketView {
  readonly payloadType: number
  readonly marker: boolean
  readonly sequenceNumber: number
  readonly timestamp: number
  readonly ssrc: number
  /** Without padding. Empty in packets that only probe. */
  readonly payload: Uint8Array
}

/** Reads one RTP packet; RTCP that shares the port (RFC 5761 section 4) is refused. */
export const readRtpPacket = (packet: Uint8Array): Result.Result<RtpPacketView, MediaFault> => {
  const fail = (what: string, offset: number, expected: string) => Result.fail(faultAt(what, offset, expected))
  if (packet.length < 12) return fail("RTP header", 0, `12 bytes, found ${packet.length}`)
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const flags = view.getUint8(0)
  if (flags >> 6 !== 2) return fail("RTP version", 0, "2 (RFC 3550 section 5.1)")
  const payloadType = view.getUint8(1) & 0x7f
  if (payloadType >= 64 && payloadType < 96) return fail("RTP payload type", 1, "none of RTCP's, 64 to 95 (RFC 5761)")

  let begin = 12 + 4 * (flags & 0x0f)
  if ((flags & 0x10) !== 0) {
    if (packet.length < begin + 4) return fail("RTP header extension", begin, "4 bytes (RFC 3550 section 5.3.1)")
    begin += 4 + 4 * view.getUint16(begin + 2)
  }
  if (begin > packet.length) return fail("RTP header", 0, `${begin} bytes, found ${packet.length}`)
  let end = packet.length
  if ((flags & 0x20) !== 0) {
    const padding = end > begin ? view.getUint8(end - 1) : 0
    if (padding === 0 || padding > end - begin) return fail("RTP padding", end - 1, `1 to ${end - begin} (RFC 3550 section 5.1)`)
    end -= padding
  }
  return Result.succeed({
    payloadType,
    marker: (view.getUint8(1) & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: packet.subarray(begin, end)
  })
}
