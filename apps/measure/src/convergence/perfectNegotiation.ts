/**
 * The script of W3C WebRTC section 10.7, "Perfect Negotiation Example", statement by statement as the Recommendation and the
 * Editor's Draft of w3c/webrtc-pc print it, `isSettingRemoteAnswerPending` included, with its channel and its `console.error`
 * as parameters. The other contestant.
 */

/** What the script sends, as JSON. */
interface Data {
  readonly description?: RTCSessionDescriptionInit
  readonly candidate?: RTCIceCandidateInit | null
}

/** Sets the script up on a connection. Returns what takes the messages that come. */
export const perfectNegotiation = (
  pc: RTCPeerConnection,
  polite: boolean,
  send: (text: string) => void,
  onError: (error: unknown) => void
): (text: string) => Promise<void> => {
  const signaling = { send: (data: object) => send(JSON.stringify(data)) }
  let makingOffer = false
  let ignoreOffer = false
  let isSettingRemoteAnswerPending = false

  // Send any ICE candidates to the other peer.
  pc.onicecandidate = ({ candidate }) => signaling.send({ candidate })

  // Let the "negotiationneeded" event trigger offer generation.
  pc.onnegotiationneeded = async () => {
    try {
      makingOffer = true
      await pc.setLocalDescription()
      signaling.send({ description: pc.localDescription })
    } catch (error) {
      onError(error)
    } finally {
      makingOffer = false
    }
  }

  return async (text) => {
    const { candidate, description } = JSON.parse(text) as Data
    try {
      if (description) {
        // An offer may come in while an answer is being set: by the time it is processed, the state is stable.
        const readyForOffer = !makingOffer && (pc.signalingState === "stable" || isSettingRemoteAnswerPending)
        const offerCollision = description.type === "offer" && !readyForOffer

        ignoreOffer = !polite && offerCollision
        if (ignoreOffer) return
        isSettingRemoteAnswerPending = description.type === "answer"
        await pc.setRemoteDescription(description) // rolls back as needed
        isSettingRemoteAnswerPending = false
        if (description.type === "offer") {
          await pc.setLocalDescription()
          signaling.send({ description: pc.localDescription })
        }
      } else if (candidate) {
        try {
          await pc.addIceCandidate(candidate)
        } catch (error) {
          if (!ignoreOffer) throw error // the candidates of an offer that was ignored
        }
      }
    } catch (error) {
      onError(error)
    }
  }
}
