/** Looks at a connection of any stack as the criterion wants to see it. */
import type { EndLook } from "../convergence/agreement.ts"
import type { Stack } from "./Stack.ts"

export const lookAt = (stack: Stack, connection: RTCPeerConnection, wants: ReadonlyArray<string>): EndLook => ({
  isUp: stack.isUp(connection),
  signalingState: connection.signalingState,
  transceivers: connection.getTransceivers()
    .filter(({ direction }) => direction !== "stopped")
    .map(({ currentDirection, mid, receiver }) => ({ mid, kind: receiver.track.kind, currentDirection: currentDirection ?? null })),
  wants
})
