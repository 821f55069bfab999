/** Puts a source of RTP into a producer in Node: packets in order, and none at all while nobody is to be sent them. */
import { randomInt } from "node:crypto"
import type { Slot } from "@enigma-rtc/core"
import type { Producer } from "mediasoup-client/types"
import type { RtpFormat, RtpFrame, RtpSource } from "./RtpSource.ts"
import type { Feed } from "./Stack.ts"
import { MediaStreamTrack, RtpHeader, RtpPacket } from "./werift.ts"

const isFormat = (format: RtpFormat, codec: { readonly mimeType: string; readonly clockRate: number }): boolean =>
  format.mimeType.toLowerCase() === codec.mimeType.toLowerCase() && format.clockRate === codec.clockRate

export const openRtpFeed = (slot: Slot, source: RtpSource | undefined, onEnded: (reason: string) => void): Feed => {
  const track = new MediaStreamTrack({ kind: slot === "microphone" ? "audio" : "video" })
  const timestampOffset = randomInt(2 ** 32 - 1)
  let sequenceNumber = randomInt(2 ** 15)
  let codec: Producer["rtpParameters"]["codecs"][number] | undefined
  let stop: (() => void) | undefined
  let hasEnded = false

  const end = (reason: string) => {
    if (hasEnded) return
    hasEnded = true
    stop?.()
    stop = undefined
    onEnded(reason)
  }
  const write = ({ lostBefore = 0, marker, payload, timestamp }: RtpFrame) => {
    sequenceNumber = (sequenceNumber + 1 + lostBefore) % 2 ** 16
    const header = new RtpHeader({
      payloadType: codec?.payloadType ?? 0,
      sequenceNumber,
      timestamp: (timestamp + timestampOffset) % 2 ** 32,
      marker
    })
    track.writeRtp(new RtpPacket(header, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)))
  }
  const start = () => {
    if (stop !== undefined || source === undefined || codec === undefined || hasEnded) return
    const [first] = [codec]
    const format = source.formats.find((one) => isFormat(one, first))
    if (format === undefined) return end(`the source has no ${first.mimeType}`)
    stop = source.subscribe(format, write, end)
  }
  return {
    // mediasoup-client's types are a page's; werift's tracks have what it uses of them.
    options: { track: track as unknown as globalThis.MediaStreamTrack },
    begin: async (producer) => {
      [codec] = producer.rtpParameters.codecs
    },
    send: async (isSent) => {
      if (isSent) return start()
      stop?.()
      stop = undefined
    },
    close: () => {
      stop?.()
      stop = undefined
    }
  }
}
