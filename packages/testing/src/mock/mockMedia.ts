/** What media flows between two mock connections, and what each tells of it. For `makeMockPeer`. */
import { type CallStats, type DriverEvent, type MediaIntent, type RemoteTrack, type Slot, slots } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { type AgreedSlot, nothingAgreed } from "./agreement.ts"
import type { MockSource } from "./MockSource.ts"
import { type PacketCount, packetCount } from "./packetCount.ts"

/** What one end's media is to the other end. */
export interface MediaEnd {
  /** Does it send in this slot, as far as it goes? */
  readonly sends: (slot: Slot) => boolean
  /** Has it agreed to receive in this slot? */
  readonly takes: (slot: Slot) => boolean
  /** The other end sends or takes something else now. */
  readonly look: () => void
}

export interface MockMedia {
  readonly end: MediaEnd
  readonly reaches: (far: MediaEnd | undefined) => void
  /** A round is over: tells of the tracks that it brought and took. */
  readonly agreed: (slots: ReadonlyArray<AgreedSlot>) => void
  /** The intent has changed. */
  readonly changed: () => void
  readonly figures: () => Pick<CallStats, "sent" | "received">
  readonly close: () => void
}

export interface MediaPlace {
  readonly emit: (event: DriverEvent) => void
  readonly nowMs: () => number
  readonly after: (ms: number, act: () => void) => void
  readonly intent: () => MediaIntent
  readonly source: MockSource
  /** A name that no other track of the engine has. */
  readonly newTrackId: () => string
}

const arrivals = new WeakMap<RemoteTrack, () => number>()

/**
 * How many packets of a track have arrived: one for each 20 ms of Effect's clock in which its media flows. A track of
 * another engine, or one that a test has made by hand, has none.
 */
export const mockArrived = (track: RemoteTrack): Effect.Effect<number> => Effect.sync(() => arrivals.get(track)?.() ?? 0)

/** A connection's media, which flows where both ends want it, have agreed on it, and reach each other. */
export const mockMedia = ({ after, emit, intent, newTrackId, nowMs, source }: MediaPlace): MockMedia => {
  let agreed = nothingAgreed.slots
  let far: MediaEnd | undefined
  let toldOfEnd = false
  const tracks = new Map<Slot, RemoteTrack>()
  const sent = new Map<Slot, PacketCount>()
  const received = new Map<Slot, PacketCount>()
  const of = (slot: Slot) => agreed.find((one) => one.slot === slot)
  const countOf = (counts: Map<Slot, PacketCount>, slot: Slot) => {
    const count = counts.get(slot) ?? packetCount(nowMs)
    counts.set(slot, count)
    return count
  }

  const look = () => {
    for (const [slot, count] of sent) {
      count.flow(far !== undefined && end.sends(slot) && far.takes(slot))
      if (slot === "microphone" && count.flows()) source.flows(after)
    }
    for (const [slot, count] of received) count.flow(far !== undefined && far.sends(slot) && end.takes(slot))
  }
  const end: MediaEnd = {
    sends: (slot) => {
      const { hold, send } = intent()
      return !hold && send[slot] === "on" && of(slot)?.sends === true && !(slot === "microphone" && source.hasEnded())
    },
    takes: (slot) => of(slot)?.receives === true,
    look
  }
  const changed = () => {
    look()
    far?.look()
  }
  const tellOfEnd = () => {
    if (toldOfEnd || !source.hasEnded() || of("microphone")?.sends !== true) return
    toldOfEnd = true
    emit({ _tag: "LocalSourceEnded", slot: "microphone", reason: "the mock's microphone has ended, as its options say" })
  }
  const forget = source.onEnd(() => {
    changed()
    tellOfEnd()
  })

  const begin = (slot: Slot, count: PacketCount) => {
    const track: RemoteTrack = { id: newTrackId(), slot }
    const before = count.packets()
    tracks.set(slot, track)
    arrivals.set(track, () => count.packets() - before)
    emit({ _tag: "RemoteTrack", track })
  }
  const stop = (slot: Slot, track: RemoteTrack) => {
    const arrived = arrivals.get(track)?.() ?? 0
    tracks.delete(slot)
    arrivals.set(track, () => arrived)
    emit({ _tag: "RemoteTrackEnded", track })
  }
  const figuresOf = (counts: Map<Slot, PacketCount>) =>
    slots.flatMap((slot) => counts.get(slot)?.figures(slot, of(slot)?.mimeType) ?? [])

  return {
    end,
    reaches: (other) => {
      far = other
      look()
    },
    agreed: (slotsNow) => {
      agreed = slotsNow
      for (const { receives, sends, slot } of slotsNow) {
        if (sends) countOf(sent, slot)
        const track = tracks.get(slot)
        if (receives && track === undefined) begin(slot, countOf(received, slot))
        if (!receives && track !== undefined) stop(slot, track)
      }
      changed()
      tellOfEnd()
    },
    changed,
    figures: () => ({ sent: figuresOf(sent), received: figuresOf(received) }),
    close: () => {
      forget()
      agreed = nothingAgreed.slots
      far = undefined
      look()
    }
  }
}
