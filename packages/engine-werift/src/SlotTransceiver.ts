/** One slot of a call over one permanent transceiver: its direction, its sender and its receiver. */
import type { MediaIntent, RemoteTrack, Slot } from "@enigma-rtc/core"
import { canonicalMimeType } from "./canonicalMimeType.ts"
import { codecOrder } from "./codecOrder.ts"
import type { RtpSource } from "./media/RtpSource.ts"
import { SlotReceiver } from "./SlotReceiver.ts"
import { SlotSender } from "./SlotSender.ts"
import type { SlotOfSsrc } from "./toCallStats.ts"
import { codecs, type RTCPeerConnection, type RTCRtpTransceiver } from "./werift.ts"

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive"

/** Only a section of this kind can carry the slot. */
export const kindOf = (slot: Slot): "audio" | "video" => (slot === "microphone" ? "audio" : "video")

export const directionOf = (slot: Slot, { hold, receive, send }: MediaIntent): Direction => {
  const sends = send[slot] !== "off"
  const receives = receive[slot] && !hold
  if (sends) return receives ? "sendrecv" : "sendonly"
  return receives ? "recvonly" : "inactive"
}

/** A section's payload types in the offerer's order: werift itself answers in its own. */
const offeredIn = (offerSdp: string, mLineIndex: number): ReadonlyArray<number> =>
  offerSdp.match(/^m=.*$/gm)?.[mLineIndex]?.trim().split(" ").slice(3).map(Number) ?? []

type OnEnded = (reason: string) => void

export class SlotTransceiver {
  readonly transceiver: RTCRtpTransceiver
  readonly #slot: Slot
  readonly #formats: RtpSource["formats"]
  readonly #sender: SlotSender
  readonly #receiver: SlotReceiver

  private constructor(slot: Slot, transceiver: RTCRtpTransceiver, sender: SlotSender, source: RtpSource | undefined) {
    this.#slot = slot
    this.#formats = source?.formats ?? []
    this.transceiver = transceiver
    this.#sender = sender
    this.#receiver = new SlotReceiver(slot, transceiver)
  }

  /** Adds a section for a slot to the next offer. */
  static offer(slot: Slot, pc: RTCPeerConnection, intent: MediaIntent, source: RtpSource | undefined, onEnded: OnEnded) {
    const sender = new SlotSender(kindOf(slot), source, onEnded)
    const transceiver = pc.addTransceiver(sender.track, { direction: directionOf(slot, intent) })
    const wishes = { prefer: intent.preferCodec, formats: source?.formats ?? [] }
    transceiver.setCodecPreferences(codecOrder(codecs()[kindOf(slot)], wishes))
    return new SlotTransceiver(slot, transceiver, sender, source)
  }

  /** Takes the section that the far end offers for a slot. */
  static async adopt(slot: Slot, transceiver: RTCRtpTransceiver, source: RtpSource | undefined, onEnded: OnEnded) {
    const sender = new SlotSender(kindOf(slot), source, onEnded)
    await transceiver.sender.replaceTrack(sender.track)
    return new SlotTransceiver(slot, transceiver, sender, source)
  }

  /** Directs the answer to an offer, as the intent says. */
  answer(intent: MediaIntent, offerSdp: string): void {
    const { codecs: common, mLineIndex = 0 } = this.transceiver
    this.transceiver.setDirection(directionOf(this.#slot, intent))
    const wishes = { prefer: intent.preferCodec, formats: this.#formats, offered: offeredIn(offerSdp, mLineIndex) }
    this.transceiver.setCodecPreferences(codecOrder(common, wishes))
  }

  /** The far end's media, when a description has just let it in. */
  beginsToReceive(): RemoteTrack | undefined {
    return this.#receiver.begins() ? this.#receiver.track : undefined
  }

  /** Sends the source or not: as the intent and the negotiated direction say, while media is up. */
  send(intent: MediaIntent, isUp: boolean): void {
    const direction = this.transceiver.currentDirection
    const negotiated = direction === "sendrecv" || direction === "sendonly"
    this.#sender.update(this.transceiver, isUp && negotiated && intent.send[this.#slot] === "on" && !intent.hold)
  }

  close(): void {
    this.#sender.stop()
    this.#receiver.end()
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
