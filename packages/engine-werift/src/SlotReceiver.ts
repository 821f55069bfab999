/** Receives one slot's media over one transceiver, and tells of it once a description allows it. */
import { randomUUID } from "node:crypto"
import type { RemoteTrack, Slot } from "@enigma-rtc/core"
import { canonicalMimeType } from "./canonicalMimeType.ts"
import { ReceivedTrack, registerTrack } from "./receivedRtp.ts"
import type { MediaStreamTrack, RTCRtpTransceiver } from "./werift.ts"

export class SlotReceiver {
  /** Core's key for the media, until it ends. */
  readonly track: RemoteTrack
  readonly #received: ReceivedTrack
  readonly #transceiver: RTCRtpTransceiver
  readonly #heard = new Set<MediaStreamTrack>()
  #told = false
  #payloadType: number | undefined

  constructor(slot: Slot, transceiver: RTCRtpTransceiver) {
    this.track = { id: randomUUID(), slot }
    this.#transceiver = transceiver
    this.#received = new ReceivedTrack(() => this.mimeType)
    registerTrack(this.track, this.#received)
    // A section that was offered to us has its track already; one that we offer gets it with the answer.
    transceiver.receiver.tracks.forEach((native) => this.#listen(native))
    transceiver.onTrack.subscribe((native) => this.#listen(native))
  }

  /** How the media is coded: as its last packet says, for the far end may use any codec of the answer; else the first. */
  get mimeType(): string | undefined {
    const { codecs, sender } = this.#transceiver
    const codec = codecs.find(({ payloadType }) => payloadType === this.#payloadType) ??
      this.#transceiver.receiver.track.codec ?? sender.codec
    return codec === undefined ? undefined : canonicalMimeType(codec.mimeType)
  }

  /** Does the negotiated direction begin to let media in? True once. */
  begins(): boolean {
    const direction = this.#transceiver.currentDirection
    if (this.#told || (direction !== "sendrecv" && direction !== "recvonly")) return false
    this.#told = true
    return true
  }

  end(): void {
    this.#received.end()
  }

  #listen(native: MediaStreamTrack): void {
    if (this.#heard.has(native)) return
    this.#heard.add(native)
    native.onReceiveRtp.subscribe(({ header, payload }) => {
      this.#payloadType = header.payloadType
      this.#received.deliver({
        payloadType: header.payloadType,
        sequenceNumber: header.sequenceNumber,
        timestamp: header.timestamp,
        marker: header.marker,
        ssrc: header.ssrc,
        payload
      })
    })
  }
}
