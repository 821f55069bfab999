/** The sections that an intent asks for, in an offer and in an answer (RFC 3264). For `MockDescriptions`, and as test data. */
import { type MediaIntent, type Slot, slots } from "@enigma-rtc/core"
import { type MockCodec, mockCodecs, preferred } from "./mockCodecs.ts"
import { directionOf, type MockSection, type ReadSection, readMockSections, wishFor } from "./mockSdp.ts"

/** Does an end with this direction send, and does it receive? */
export const flowsOf = (direction: ReadSection["direction"]) => ({
  sends: direction === "sendrecv" || direction === "sendonly",
  receives: direction === "sendrecv" || direction === "recvonly"
})

const codecsFor = (codecs: ReadonlyArray<MockCodec>, intent: MediaIntent) =>
  // A section of codecs that the mock knows nothing of is written with the one that `mockSdp` takes without any.
  codecs.length === 0 ? {} : { codecs: preferred(codecs, intent) }

const sectionFor = (slot: Slot, mid: string, intent: MediaIntent): MockSection => {
  const { receives, sends } = wishFor(intent, slot)
  const kind = slot === "microphone" ? "audio" : "video"
  return {
    kind,
    mid,
    direction: directionOf(sends, receives),
    ...codecsFor(mockCodecs[kind], intent),
    ...(slot === "screen" ? { content: "screen" } : {})
  }
}

/** A section for which there is no slot; it stays in its place, and carries nothing. */
const surplus = ({ kind, mid }: ReadSection): MockSection => (kind === "application" ? { kind, mid } : { kind, mid, direction: "inactive" })

/**
 * The sections of an offer: those of the description that was negotiated keep their place for good (RFC 9429 section
 * 5.2.2), with the directions that the intent wants now, and what the intent wants beyond them is added.
 */
export const sectionsOf = (intent: MediaIntent, negotiated = ""): ReadonlyArray<MockSection> => {
  const before = readMockSections(negotiated)
  const kept = before.map((section) => (section.slot === undefined ? surplus(section) : sectionFor(section.slot, section.mid, intent)))
  const wanted = slots.filter((slot) => (intent.send[slot] !== "off" || intent.receive[slot]) && !before.some((section) => section.slot === slot))
  const wantsData = intent.data && !before.some(({ kind }) => kind === "application")
  return [
    ...kept,
    ...wanted.map((slot, i) => sectionFor(slot, String(kept.length + i), intent)),
    ...(wantsData ? [{ kind: "application", mid: String(kept.length + wanted.length) } as const] : [])
  ]
}

/** The sections of an answer to this offer: the offer's, each with what both ends want. */
export const answerTo = (offer: string, intent: MediaIntent): ReadonlyArray<MockSection> =>
  readMockSections(offer).map((section): MockSection => {
    const { codecs, direction, kind, mid, slot } = section
    if (slot === undefined) return surplus(section)
    const [wish, offered] = [wishFor(intent, slot), flowsOf(direction)]
    return {
      kind,
      mid,
      direction: directionOf(wish.sends && offered.receives, wish.receives && offered.sends),
      ...codecsFor(codecs, intent),
      ...(slot === "screen" ? { content: "screen" } : {})
    }
  })
