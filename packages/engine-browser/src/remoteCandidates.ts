/** Gives a connection the far end's candidates of the generation that is on; others wait for theirs. For the driver. */
import type { IceCandidate } from "@enigma-rtc/core"

/** How many candidates wait for the description that names their credentials; the oldest are those of the past. */
const maxWaiting = 64

/**
 * Of a candidate with credentials that are not those of the description, Chromium makes one of the description's, and
 * Firefox an error. The candidate names its own (RFC 8839 section 5.1 lets extensions follow; browsers write this one).
 */
export const remoteCandidates = (pc: RTCPeerConnection) => {
  let waiting: Array<IceCandidate> = []
  const take = async (candidate: IceCandidate): Promise<void> => {
    const own = / ufrag (\S+)/.exec(candidate.candidate)?.[1]
    if (own === undefined || pc.remoteDescription?.sdp.includes(`a=ice-ufrag:${own}\r`)) await pc.addIceCandidate(candidate)
    else if (waiting.push(candidate) > maxWaiting) waiting.shift()
  }
  return {
    take,
    /** There is another remote description: its candidates need wait no more. */
    release: () => {
      const ready = waiting
      waiting = []
      // Their operation was fulfilled when they came; that one is refused is no harm to the others.
      for (const candidate of ready) take(candidate).catch(() => {})
    }
  }
}
