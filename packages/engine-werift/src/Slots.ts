/** Which transceiver carries which slot: one for each, for the whole call, whichever end began it. */
import { type DriverEvent, type MediaIntent, readSections, type Slot, slots } from "@enigma-rtc/core"
import type { RtpSource } from "./media/RtpSource.ts"
import { associateBySlot, dropTransceiver } from "./repairs.ts"
import type { ReceivedChange } from "./SlotReceiver.ts"
import { directionOf, kindOf, SlotTransceiver } from "./SlotTransceiver.ts"
import type { SlotOfSsrc } from "./toCallStats.ts"
import type { RTCPeerConnection } from "./werift.ts"

export type Sources = { readonly [S in Slot]?: RtpSource }

export class Slots {
  readonly #pc: RTCPeerConnection
  readonly #sources: Sources
  readonly #emit: (event: DriverEvent) => void
  readonly #taken = new Map<Slot, SlotTransceiver>()
  /** The slot of each section of the remote offer that is being answered, by core's rule. */
  #offered = new Map<string, Slot>()

  constructor(pc: RTCPeerConnection, sources: Sources, emit: (event: DriverEvent) => void) {
    this.#pc = pc
    this.#sources = sources
    this.#emit = emit
    associateBySlot(pc, (mid) => {
      const slot = this.#offered.get(mid)
      return slot === undefined ? undefined : this.#taken.get(slot)?.transceiver
    })
  }

  /** Readies the sections of an offer: those that there are, and those that the intent begins. */
  offer(intent: MediaIntent): void {
    const { codecs } = this.#pc.getConfiguration()
    for (const slot of slots) {
      const isWanted = directionOf(slot, intent) !== "inactive"
      const before = this.#taken.get(slot)
      if (before === undefined && isWanted) {
        this.#taken.set(slot, SlotTransceiver.add(slot, this.#pc, this.#sources[slot], this.#sourceEnded(slot)))
      } else if (before?.transceiver.mid === null && !isWanted) {
        // Only an offer that was taken back had it.
        this.#giveUp(slot)
        dropTransceiver(this.#pc, before.transceiver)
      }
      const taken = this.#taken.get(slot)
      taken?.direct(intent)
      taken?.offerCodecs(intent, codecs[kindOf(slot)] ?? [])
    }
  }

  /** Before a remote offer is set: by what it will find, werift decides what to receive. */
  beforeAnswer(intent: MediaIntent, offerSdp: string): void {
    this.#offered = new Map(readSections(offerSdp).flatMap(({ mid, slot }) => (slot === undefined ? [] : [[mid, slot]])))
    for (const slot of this.#taken.values()) slot.direct(intent)
  }

  /**
   * Readies the sections of an answer. Fulfilled with what to do should it come to nothing: the transceivers that only
   * this offer made are given up.
   */
  async answer(intent: MediaIntent, offerSdp: string, adopted: Set<Slot>): Promise<void> {
    for (const transceiver of this.#pc.getTransceivers()) {
      if (transceiver.stopped || transceiver.mid === null) continue
      if ([...this.#taken.values()].some((taken) => taken.transceiver === transceiver)) continue
      const slot = this.#offered.get(transceiver.mid)
      if (slot === undefined || this.#taken.has(slot)) {
        transceiver.setDirection("inactive")
        continue
      }
      adopted.add(slot)
      this.#taken.set(slot, await SlotTransceiver.adopt(slot, transceiver, this.#sources[slot], this.#sourceEnded(slot)))
    }
    for (const slot of this.#taken.values()) {
      slot.direct(intent)
      if (slot.transceiver.mid !== null && this.#offered.has(slot.transceiver.mid)) slot.answerCodecs(intent, offerSdp)
    }
  }

  /** The far end has answered. */
  answered(answerSdp: string): void {
    for (const slot of this.#taken.values()) {
      if (slot.transceiver.mid !== null && !slot.transceiver.stopped) slot.answeredCodecs(answerSdp)
    }
  }

  /** A remote offer was not answered: what it alone began goes with it. */
  async refused(adopted: ReadonlySet<Slot>): Promise<void> {
    this.#offered = new Map()
    for (const slot of adopted) {
      await this.#taken.get(slot)?.transceiver.sender.replaceTrack(null)
      this.#giveUp(slot)
    }
  }

  /** A round of offer and answer is complete: media of the far end begins and ends as it says. */
  negotiated(intent: MediaIntent): void {
    this.#offered = new Map()
    for (const [slot, taken] of this.#taken) {
      const { mid, stopped } = taken.transceiver
      // The far end has refused the section for good; if the slot is wanted again, it gets another.
      if (stopped) this.#giveUp(slot)
      else if (mid !== null) this.#tell(taken.negotiated(intent))
    }
  }

  /** An offer of ours is taken back. */
  rolledBack(): void {
    for (const slot of this.#taken.values()) slot.rolledBack()
  }

  send(intent: MediaIntent, isUp: boolean): void {
    for (const slot of this.#taken.values()) slot.send(intent, isUp)
  }

  close(): void {
    for (const slot of this.#taken.values()) slot.close()
  }

  /** The sections to mark as the screen's. */
  get screenMids(): ReadonlyArray<string> {
    const mid = this.#taken.get("screen")?.transceiver.mid
    return mid === null || mid === undefined ? [] : [mid]
  }

  ssrcs() {
    const sentBy = new Map<number, SlotOfSsrc>()
    const receivedBy = new Map<number, SlotOfSsrc>()
    for (const slot of this.#taken.values()) slot.noteSsrcs(sentBy, receivedBy)
    return { sentBy, receivedBy }
  }

  #giveUp(slot: Slot): void {
    const taken = this.#taken.get(slot)
    this.#taken.delete(slot)
    if (taken !== undefined) this.#tell(taken.close())
  }

  #tell({ began, ended }: ReceivedChange): void {
    if (ended !== undefined) this.#emit({ _tag: "RemoteTrackEnded", track: ended })
    if (began !== undefined) this.#emit({ _tag: "RemoteTrack", track: began })
  }

  #sourceEnded(slot: Slot): (reason: string) => void {
    return (reason) => this.#emit({ _tag: "LocalSourceEnded", slot, reason })
  }
}
