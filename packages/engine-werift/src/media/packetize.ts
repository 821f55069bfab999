/** Cuts one coded frame into RTP packets, as each codec's payload format says, for the sources that play clips. */
import { isVp9KeyFrame } from "./keyFrame.ts"
import type { RtpFrame } from "./RtpSource.ts"

/**
 * Turns one coded frame into the packets that carry it.
 *
 * @param timestamp - In units of the format's clock rate.
 * @param pictureId - Counts the frames of a video; only its lowest 15 bits are sent. Audio has none.
 */
export type Packetize = (frame: Uint8Array, timestamp: number, pictureId: number) => ReadonlyArray<RtpFrame>

/**
 * The most bytes of an RTP payload, payload header included. With the headers of RTP, SRTP, UDP and IPv6 it fits the
 * 1,280 bytes that every path carries (RFC 8200 section 5).
 */
export const maxPayload = 1200

/** One frame, one packet: Opus (RFC 7587 section 4.2), PCMU and PCMA (RFC 3551 section 4.5.14). */
export const packetizeAudio: Packetize = (frame, timestamp) => [{ payload: frame, timestamp, marker: false }]

/**
 * VP8 (RFC 7741 section 4.2): S on the first packet of a frame, the marker on its last, and a PictureID of 15 bits in
 * all. Chromium orders frames by that number, and some forwarding units drop VP8 that has none.
 */
export const packetizeVp8: Packetize = (frame, timestamp, pictureId) =>
  fragment(frame, timestamp, ({ isFirst }) => [0x80 | (isFirst ? 0x10 : 0), 0x80, ...pictureId15(pictureId)])

/**
 * VP9 in non-flexible mode with one layer (RFC 9628 section 4.2): B on the first packet of a frame, E and the marker
 * on its last, P on frames that need the frame before, and a PictureID of 15 bits in all.
 *
 * No layer indices and no scalability structure: without the indices Chromium lets each frame depend on the PictureID
 * before it, and with them it would need the structure and TL0PICIDX as well.
 */
export const packetizeVp9: Packetize = (frame, timestamp, pictureId) => {
  const predicted = isVp9KeyFrame(frame) ? 0 : 0x40
  return fragment(frame, timestamp, ({ isFirst, isLast }) => [
    0x80 | predicted | (isFirst ? 0x08 : 0) | (isLast ? 0x04 : 0),
    ...pictureId15(pictureId)
  ])
}

/** The M bit, then 15 bits (RFC 7741 section 4.2; the same in RFC 9628). */
const pictureId15 = (pictureId: number) => [0x80 | ((pictureId >> 8) & 0x7f), pictureId & 0xff]

const fragment = (
  frame: Uint8Array,
  timestamp: number,
  descriptor: (where: { readonly isFirst: boolean; readonly isLast: boolean }) => ReadonlyArray<number>
): ReadonlyArray<RtpFrame> => {
  const headerSize = descriptor({ isFirst: true, isLast: true }).length
  const room = maxPayload - headerSize
  const packets: Array<RtpFrame> = []
  for (let at = 0; at < frame.length; at += room) {
    const part = frame.subarray(at, at + room)
    const isLast = at + part.length === frame.length
    const payload = new Uint8Array(headerSize + part.length)
    payload.set(descriptor({ isFirst: at === 0, isLast }))
    payload.set(part, headerSize)
    packets.push({ payload, timestamp, marker: isLast })
  }
  return packets
}
