/** What an offer and its answer agree on, seen from one of the two ends (RFC 3264 section 6). For the mock's media and data. */
import type { Slot } from "@enigma-rtc/core"
import { readMockSections } from "./mockSdp.ts"
import { flowsOf } from "./mockSections.ts"

/** What may flow in one slot. */
export interface AgreedSlot {
  readonly slot: Slot
  readonly sends: boolean
  readonly receives: boolean
  /** What is sent, in both directions: the answer's first codec that the offer has. */
  readonly mimeType: string | undefined
}

export interface Agreement {
  readonly slots: ReadonlyArray<AgreedSlot>
  /** Is there a section for data? */
  readonly data: boolean
}

export const nothingAgreed: Agreement = { slots: [], data: false }

/** `offered`: is the offer this end's? Sections belong together by their place, whatever each end calls them. */
export const agreementOf = (offer: string, answer: string, offered: boolean): Agreement => {
  const answers = readMockSections(answer)
  let data = false
  const slots = readMockSections(offer).flatMap(({ codecs, direction, kind, slot }, i): ReadonlyArray<AgreedSlot> => {
    const answered = answers[i]
    if (answered === undefined) return []
    if (slot === undefined) {
      data ||= kind === "application" && direction !== "inactive" && answered.direction !== "inactive"
      return []
    }
    const [theOffers, theAnswers] = [flowsOf(direction), flowsOf(answered.direction)]
    const toAnswerer = theOffers.sends && theAnswers.receives
    const toOfferer = theOffers.receives && theAnswers.sends
    const codec = answered.codecs.find((one) => codecs.includes(one))
    const mimeType = codec === undefined ? undefined : `${kind}/${codec}`
    return [{ slot, sends: offered ? toAnswerer : toOfferer, receives: offered ? toOfferer : toAnswerer, mimeType }]
  })
  return { slots, data }
}
