/** Sends one slot's source over one transceiver: packets in order, and none at all while the slot is muted. */
import { randomInt } from "node:crypto"
import { canonicalMimeType } from "./canonicalMimeType.ts"
import { isFormat } from "./codecOrder.ts"
import type { RtpFormat, RtpFrame, RtpSource } from "./media/RtpSource.ts"
import { MediaStreamTrack, type RTCRtpCodecParameters, type RTCRtpTransceiver, RtpHeader, RtpPacket } from "./werift.ts"

/** The answer's first codec if the source has it, else the source's first that the answer has (RFC 3264 section 6.1). */
const choose = ({ formats }: RtpSource, negotiated: ReadonlyArray<RTCRtpCodecParameters>) => {
  const [first] = negotiated
  const wanted = first !== undefined && formats.some((one) => isFormat(one, first)) ? [first] : negotiated
  for (const format of formats) {
    const codec = wanted.find((one) => isFormat(format, one))
    if (codec !== undefined) return { format, codec }
  }
  return undefined
}

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

  /** Sends or stops, as wanted, in a format that was negotiated. */
  update(transceiver: RTCRtpTransceiver, negotiated: ReadonlyArray<RTCRtpCodecParameters>, wanted: boolean): void {
    const source = this.#source
    if (!wanted || source === undefined || negotiated.length === 0 || this.#ended) return this.stop()
    const chosen = choose(source, negotiated)
    if (chosen === undefined) {
      this.#end(`the source has none of ${negotiated.map(({ mimeType }) => canonicalMimeType(mimeType)).join(", ")}`)
      return
    }
    const { codec, format } = chosen
    // werift's sender takes the first codec by itself, and writes this one's payload type into each packet.
    transceiver.sender.codec = codec
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
