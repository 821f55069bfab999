/** Receives one slot's media over one transceiver, and tells of it once a description allows it. */
import { randomUUID } from "node:crypto"
import type { RemoteTrack, Slot } from "@enigma-rtc/core"
import { canonicalMimeType } from "./canonicalMimeType.ts"
import { ReceivedTrack, registerTrack } from "./receivedRtp.ts"
import type { MediaStreamTrack, RTCRtpTransceiver } from "./werift.ts"

/** The far end's media as the last round left it. */
export interface ReceivedChange {
  readonly began?: RemoteTrack
  readonly ended?: RemoteTrack
}

interface Live {
  /** Core's key for the media, until it ends. */
  readonly track: RemoteTrack
  readonly received: ReceivedTrack
}

export class SlotReceiver {
  readonly #slot: Slot
  readonly #transceiver: RTCRtpTransceiver
  readonly #heard = new Set<MediaStreamTrack>()
  #live: Live | undefined
  #payloadType: number | undefined

  constructor(slot: Slot, transceiver: RTCRtpTransceiver) {
    this.#slot = slot
    this.#transceiver = transceiver
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

  /** Begins or ends the far end's media, as the negotiated direction says. Each time that it begins, it is a new track. */
  update(): ReceivedChange {
    const direction = this.#transceiver.currentDirection
    const receives = direction === "sendrecv" || direction === "recvonly"
    if (receives === (this.#live !== undefined)) return {}
    if (!receives) return this.end()
    const live = { track: { id: randomUUID(), slot: this.#slot }, received: new ReceivedTrack(() => this.mimeType) }
    this.#live = live
    registerTrack(live.track, live.received)
    return { began: live.track }
  }

  end(): ReceivedChange {
    const live = this.#live
    if (live === undefined) return {}
    this.#live = undefined
    live.received.end()
    return { ended: live.track }
  }

  #listen(native: MediaStreamTrack): void {
    if (this.#heard.has(native)) return
    this.#heard.add(native)
    native.onReceiveRtp.subscribe(({ header, payload }) => {
      this.#payloadType = header.payloadType
      this.#live?.received.deliver({
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
