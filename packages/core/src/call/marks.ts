/** What our descriptions say of us, in attributes that every stack ignores (RFC 8866 section 5.13). */
import type { Abilities } from "./CallState.ts"

const offerMark = "a=x-enigma-rtc:1"
const lacksRounds = "a=x-enigma-lacks:rounds"
const lacksRestart = "a=x-enigma-lacks:restart"

const has = (sdp: string, attribute: string): boolean =>
  sdp.includes(`\n${attribute}\n`) || sdp.includes(`\n${attribute}\r`)
const withAttributes = (sdp: string, attributes: ReadonlyArray<string>): string =>
  sdp.replace(/(\r?\n)(?=m=)/, (end) => `${["", ...attributes].join(end)}${end}`)

/** What an engine lacks is told in the first description, so that the peer does not offer what would not be answered. */
const lacking = ({ renegotiates, restartsIce }: Abilities): ReadonlyArray<string> =>
  renegotiates ? (restartsIce ? [] : [lacksRestart]) : [lacksRounds]

/**
 * Marks an offer as ours. A transport that strips the delivery fields leaves the SDP, by which two ends then know that
 * both follow the same rule.
 */
export const markOffer = (sdp: string, abilities: Abilities): string =>
  withAttributes(sdp, [offerMark, ...lacking(abilities)])
/** Marks an answer, if there is anything to tell. */
export const markAnswer = (sdp: string, abilities: Abilities): string =>
  abilities.restartsIce ? sdp : withAttributes(sdp, lacking(abilities))

/** Is this an offer of ours, or of another app with this library? */
export const isMarked = (sdp: string): boolean => has(sdp, offerMark)

/** What both ends can do. */
export const commonAbilities = ({ renegotiates, restartsIce }: Abilities, sdp: string): Abilities => {
  const both = renegotiates && !has(sdp, lacksRounds)
  return { renegotiates: both, restartsIce: both && restartsIce && !has(sdp, lacksRestart) }
}
