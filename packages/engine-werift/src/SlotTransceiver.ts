/** One slot of a call over one permanent transceiver: its direction, its sender and its receiver. */
import type { Direction, MediaIntent, Slot } from "@enigma-rtc/core"
import { canonicalMimeType } from "./canonicalMimeType.ts"
import { codecOrder } from "./codecOrder.ts"
import type { RtpSource } from "./media/RtpSource.ts"
import { type ReceivedChange, SlotReceiver } from "./SlotReceiver.ts"
import { SlotSender } from "./SlotSender.ts"
import type { SlotOfSsrc } from "./toCallStats.ts"
import type { RTCPeerConnection, RTCRtpCodecParameters, RTCRtpTransceiver } from "./werift.ts"

/** Only a section of this kind can carry the slot. */
export const kindOf = (slot: Slot): "audio" | "video" => (slot === "microphone" ? "audio" : "video")

export const directionOf = (slot: Slot, { hold, receive, send }: MediaIntent): Direction => {
  const sends = send[slot] !== "off"
  const receives = receive[slot] && !hold
  if (sends) return receives ? "sendrecv" : "sendonly"
  return receives ? "recvonly" : "inactive"
}

/** A section's payload types in the far end's order: werift itself has that of the `a=rtpmap` lines. */
const payloadTypesIn = (sdp: string, mLineIndex: number): ReadonlyArray<number> =>
  sdp.match(/^m=.*$/gm)?.[mLineIndex]?.trim().split(" ").slice(3).map(Number) ?? []

const payloadTypesOf = (codecs: ReadonlyArray<RTCRtpCodecParameters>): ReadonlyArray<number> =>
  codecs.flatMap(({ payloadType }) => payloadType ?? [])

type OnEnded = (reason: string) => void

export class SlotTransceiver {
  readonly transceiver: RTCRtpTransceiver
  readonly #slot: Slot
  readonly #source: RtpSource | undefined
  readonly #sender: SlotSender
  readonly #receiver: SlotReceiver
  /** The codecs of the last complete round, and the preference that it was made with. */
  #negotiated: { readonly codecs: ReadonlyArray<RTCRtpCodecParameters>; readonly prefer: string } | undefined

  private constructor(slot: Slot, transceiver: RTCRtpTransceiver, sender: SlotSender, source: RtpSource | undefined) {
    this.#slot = slot
    this.#source = source
    this.transceiver = transceiver
    this.#sender = sender
    this.#receiver = new SlotReceiver(slot, transceiver)
  }

  /** Makes a section for a slot in the next offer. */
  static add(slot: Slot, pc: RTCPeerConnection, source: RtpSource | undefined, onEnded: OnEnded) {
    const sender = new SlotSender(kindOf(slot), source, onEnded)
    return new SlotTransceiver(slot, pc.addTransceiver(sender.track, { direction: "inactive" }), sender, source)
  }

  /** Takes the section that the far end offers for a slot. */
  static async adopt(slot: Slot, transceiver: RTCRtpTransceiver, source: RtpSource | undefined, onEnded: OnEnded) {
    const sender = new SlotSender(kindOf(slot), source, onEnded)
    await transceiver.sender.replaceTrack(sender.track)
    return new SlotTransceiver(slot, transceiver, sender, source)
  }

  /** Directs the section, in an offer and in an answer, as the intent says. */
  direct(intent: MediaIntent): void {
    this.transceiver.setDirection(directionOf(this.#slot, intent))
  }

  /**
   * Puts the codecs of an offer in order. What has been negotiated stays, with its payload types (RFC 3264 section 8.3.2),
   * in the order that both ends found, until this end prefers another.
   */
  offerCodecs({ preferCodec }: MediaIntent, configured: ReadonlyArray<RTCRtpCodecParameters>): void {
    if (this.#negotiated === undefined) {
      this.transceiver.codecs = codecOrder(configured, { prefer: preferCodec, formats: this.#source?.formats ?? [] })
    } else if (this.#negotiated.prefer !== String(preferCodec)) {
      this.transceiver.codecs = codecOrder(this.#negotiated.codecs, {
        prefer: preferCodec,
        formats: [],
        offered: payloadTypesOf(this.#negotiated.codecs)
      })
    }
  }

  /** Puts the codecs of an answer in order. */
  answerCodecs({ preferCodec }: MediaIntent, offerSdp: string): void {
    const { codecs: common, mLineIndex = 0 } = this.transceiver
    const wishes = { prefer: preferCodec, formats: this.#source?.formats ?? [], offered: payloadTypesIn(offerSdp, mLineIndex) }
    this.transceiver.codecs = codecOrder(common, wishes)
  }

  /** Takes the order of the far end's answer: the first is what it wants to be sent (RFC 3264 section 6.1). */
  answeredCodecs(answerSdp: string): void {
    const { codecs, mLineIndex = 0 } = this.transceiver
    this.transceiver.codecs = codecOrder(codecs, { prefer: undefined, formats: [], offered: payloadTypesIn(answerSdp, mLineIndex) })
  }

  /** A round is complete; what it has begun and ended of the far end's media. */
  negotiated({ preferCodec }: MediaIntent): ReceivedChange {
    this.#negotiated = { codecs: this.transceiver.codecs, prefer: String(preferCodec) }
    return this.#receiver.update()
  }

  /** An offer of ours is taken back. */
  rolledBack(): void {
    if (this.#negotiated !== undefined) this.transceiver.codecs = [...this.#negotiated.codecs]
  }

  /** Sends the source or not: as the intent and the negotiated direction say, while media is up. */
  send(intent: MediaIntent, isUp: boolean): void {
    const direction = this.transceiver.currentDirection
    const maySend = direction === "sendrecv" || direction === "sendonly"
    const wanted = isUp && maySend && intent.send[this.#slot] === "on" && !intent.hold
    this.#sender.update(this.transceiver, this.#negotiated?.codecs ?? [], wanted)
  }

  close(): ReceivedChange {
    this.#sender.stop()
    return this.#receiver.end()
  }

  /** Which SSRCs are this slot's, for its figures. */
  noteSsrcs(sentBy: Map<number, SlotOfSsrc>, receivedBy: Map<number, SlotOfSsrc>): void {
    const { receiver, sender } = this.transceiver
    sentBy.set(sender.ssrc, { slot: this.#slot, mimeType: sender.codec && canonicalMimeType(sender.codec.mimeType) })
    for (const ssrc of Object.keys(receiver.trackBySSRC)) {
      receivedBy.set(Number(ssrc), { slot: this.#slot, mimeType: this.#receiver.mimeType })
    }
  }
}
