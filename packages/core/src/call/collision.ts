/** Which of two calls goes on when both ends call each other at the same moment. Both ends come to the same answer. */
import type { InputOf } from "./CallInput.ts"
import type { WaitingAnswer } from "./CallState.ts"

const mark = "a=x-enigma-rtc:1"

/**
 * Marks an offer as ours, with a session-level attribute that every stack ignores (RFC 8866 section 5.13). A transport
 * that strips the delivery fields leaves the SDP, by which two ends then know that both follow the same rule.
 */
export const markOffer = (sdp: string): string => sdp.replace(/(\r?\n)(?=m=)/, `$1${mark}$1`)
const isMarked = (sdp: string): boolean => sdp.includes(`\n${mark}`)

/** The session id of the `o=` line: up to 20 digits, more than a number holds. Transports do not change it. */
const sessionIdOf = (sdp: string): string => (/\no=\S+ (\d+)/.exec(sdp)?.[1] ?? "").padStart(20, "0")

/**
 * Is our call the one that goes on? The lower pair of line and call id does, compared as bytes; the call id alone, where
 * an end has no line. A peer without delivery fields never yields, and so we do, unless its offer has our mark: then the
 * lower session id goes on.
 */
export const goesBefore = ({ call, offer }: WaitingAnswer, theirs: InputOf<"PeerOffered">): boolean => {
  if (!theirs.aware) return isMarked(theirs.sdp) && sessionIdOf(offer) < sessionIdOf(theirs.sdp)
  const { line = "" } = theirs
  if (call.own !== "" && line !== "" && call.own !== line) return call.own < line
  return call.id < theirs.callId
}
