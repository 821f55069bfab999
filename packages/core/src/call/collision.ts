/** Which of two calls goes on when both ends call each other at the same moment. Both ends come to the same answer. */
import type { InputOf } from "./CallInput.ts"
import type { WaitingAnswer } from "./CallState.ts"
import { isMarked } from "./marks.ts"
import { ufragOf } from "./readSdp.ts"

/** The session id of the `o=` line: up to 20 digits, more than a number holds. Transports do not change it. */
const sessionIdOf = (sdp: string): string => (/\no=\S+ (\d+)/.exec(sdp)?.[1] ?? "").padStart(20, "0")

/** Some stacks always write the same session id; ICE user name fragments are random. */
const rankOf = (sdp: string): string => `${sessionIdOf(sdp)} ${ufragOf(sdp)}`

/**
 * Is our call the one that goes on? The lower pair of line and call id does, compared as bytes; the call id alone, where
 * an end has no line. A peer without delivery fields never yields, and so we do, unless its offer has our mark: then the
 * lower session id goes on.
 */
export const goesBefore = ({ call, offer }: WaitingAnswer, theirs: InputOf<"PeerOffered">): boolean => {
  if (!theirs.aware) return isMarked(theirs.sdp) && rankOf(offer) < rankOf(theirs.sdp)
  const { line = "" } = theirs
  if (call.own !== "" && line !== "" && call.own !== line) return call.own < line
  if (call.id !== theirs.callId) return call.id < theirs.callId
  // Apps that route messages themselves may give both ends the same id.
  return rankOf(offer) < rankOf(theirs.sdp)
}
