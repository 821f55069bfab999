/** Sends one slot's source over one transceiver: packets in order, and none at all while the slot is muted. */
import { randomInt } from "node:crypto"
import type { RtpFormat, RtpFrame, RtpSource } from "./media/RtpSource.ts"
import { MediaStreamTrack, type RTCRtpTransceiver, RtpHeader, RtpPacket } from "./werift.ts"

const sameFormat = (format: RtpFormat, codec: { readonly mimeType: string; readonly clockRate: number }): boolean =>
  format.mimeType.toLowerCase() === codec.mimeType.toLowerCase() && format.clockRate === codec.clockRate

export class SlotSender {
  readonly track: MediaStreamTrack
  readonly #source: RtpSource | undefined
  readonly #onEnded: (reason: string) => void
  #stop: (() => void) | undefined
  #format: RtpFormat | undefined
  #ended = false
  #sequenceNumber = randomInt(2 ** 15)
  readonly #timestampOffset = randomInt(2 ** 32 - 1)

  constructor(kind: "audio" | "video", source: RtpSource | undefined, onEnded: (reason: string) => void) {
    this.track = new MediaStreamTrack({ kind })
    this.#source = source
    this.#onEnded = onEnded
  }

  /** Sends or stops, as wanted, in the format that was negotiated. */
  update(transceiver: RTCRtpTransceiver, wanted: boolean): void {
    const source = this.#source
    const codec = transceiver.sender.codec
    if (!wanted || source === undefined || codec === undefined || this.#ended) return this.stop()
    // Only the first codec can be sent: werift's sender knows no other (its payload type is written into each packet).
    const format = source.formats.find((one) => sameFormat(one, codec))
    if (format === undefined) {
      this.#end(`the source has no ${codec.mimeType}`)
      return
    }
    if (format === this.#format) return
    this.stop()
    this.#format = format
    this.#stop = source.subscribe(format, (frame) => this.#send(frame), (reason) => this.#end(reason))
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#format = undefined
  }

  #end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.stop()
    this.#onEnded(reason)
  }

  #send({ lostBefore = 0, marker, payload, timestamp }: RtpFrame): void {
    this.#sequenceNumber = (this.#sequenceNumber + 1 + lostBefore) % 2 ** 16
    const header = new RtpHeader({
      sequenceNumber: this.#sequenceNumber,
      timestamp: (timestamp + this.#timestampOffset) % 2 ** 32,
      marker
    })
    this.track.writeRtp(new RtpPacket(header, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)))
  }
}
