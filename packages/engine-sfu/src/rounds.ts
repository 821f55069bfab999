/** What a round of offer and answer says of who sends and takes what (RFC 3264). Pure. */
import { type Direction, type MediaIntent, readSections, type Slot, slots } from "@enigma-rtc/core"
import { directionOf, freeMid, type Place, receives, sends } from "./sfuSdp.ts"

/** A section as a description of ours says it. */
export type Directed = Place & { readonly direction: Direction }

/** What a round lets through, seen from this end. */
export interface Terms {
  /** The slots that the far end takes. */
  readonly sent: ReadonlySet<Slot>
  /** The slots that this end takes. */
  readonly taken: ReadonlySet<Slot>
  readonly hasData: boolean
}

const wanted = ({ hold, receive, send }: MediaIntent, slot: Slot): Direction => directionOf(send[slot] !== "off", receive[slot] && !hold)

/** An offer's sections: those that there are, in their places, and behind them what is wanted besides. */
export const offeredPlaces = (known: ReadonlyArray<Place>, intent: MediaIntent): ReadonlyArray<Directed> => {
  const places = [...known]
  const want = (kind: Place["kind"], slot?: Slot) => {
    if (!places.some((place) => place.kind === kind && place.slot === slot)) places.push({ kind, slot, mid: freeMid(places) })
  }
  for (const slot of slots) if (wanted(intent, slot) !== "inactive") want(slot === "microphone" ? "audio" : "video", slot)
  if (intent.data) want("application")
  return places.map((place) => ({ ...place, direction: place.slot === undefined ? "sendrecv" : wanted(intent, place.slot) }))
}

/** The answer to an offer: no more than it allows, nor than this end wants. */
export const answerTo = (offer: string, intent: MediaIntent): Terms & { readonly places: ReadonlyArray<Directed> } => {
  const [sent, taken] = [new Set<Slot>(), new Set<Slot>()]
  const sections = readSections(offer)
  const places = sections.map(({ direction, kind, mid, slot }): Directed => {
    const place = { kind, mid, slot }
    if (kind === "application") return { ...place, direction: "sendrecv" }
    if (slot === undefined) return { ...place, direction: "inactive" }
    const own = wanted(intent, slot)
    if (sends(direction) && receives(own)) taken.add(slot)
    if (receives(direction) && sends(own)) sent.add(slot)
    return { ...place, direction: directionOf(sent.has(slot), taken.has(slot)) }
  })
  return { places, sent, taken, hasData: sections.some(({ direction, kind }) => kind === "application" && direction !== "inactive") }
}

/** What an answer lets through of an offer of ours. */
export const answeredBy = (answer: string, offered: ReadonlyArray<Directed>): Terms => {
  const [sent, taken] = [new Set<Slot>(), new Set<Slot>()]
  let hasData = false
  for (const [i, { direction, kind }] of readSections(answer).entries()) {
    const place = offered[i]
    if (kind === "application") hasData ||= direction !== "inactive"
    if (place?.slot === undefined) continue
    if (sends(direction) && receives(place.direction)) taken.add(place.slot)
    if (receives(direction) && sends(place.direction)) sent.add(place.slot)
  }
  return { sent, taken, hasData }
}
