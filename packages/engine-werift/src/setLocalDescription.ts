/** Sets a local description without waiting for its candidates, which trickle. */
import type { RTCPeerConnection } from "./werift.ts"

/**
 * werift's own promise waits for gathering, and, for an answer, for more. This one is fulfilled when the description
 * is set; what fails later is told to `onLateFailure`.
 */
export const setLocalDescription = async (
  pc: RTCPeerConnection,
  description: { readonly type: "offer" | "answer"; readonly sdp: string },
  onLateFailure: (cause: unknown) => void
): Promise<void> => {
  const target = description.type === "offer" ? "have-local-offer" : "stable"
  const reached = new Promise<void>((resolve) => {
    const { unSubscribe } = pc.signalingStateChange.subscribe((state) => {
      if (state !== target) return
      unSubscribe()
      resolve()
    })
  })
  let isSet = false
  const whole = pc.setLocalDescription(description)
  whole.catch((cause: unknown) => {
    if (isSet) onLateFailure(cause)
  })
  await Promise.race([reached, whole])
  isSet = true
}
