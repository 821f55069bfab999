/** Finds the connections that somebody else makes, by what is called on them. For measuring ours as a script is measured. */
import type { Stack } from "./Stack.ts"

const seen = new Set<RTCPeerConnection>()
const watched = new Set<unknown>()

/** The connections that have been given a description since `forget`, and are not closed. */
export const seenConnections = ({ Connection }: Stack) => {
  if (!watched.has(Connection)) {
    watched.add(Connection)
    // The prototype's own methods, with whatever they are given.
    const prototype = Connection.prototype as unknown as Record<string, (...given: Array<unknown>) => unknown>
    for (const name of ["setLocalDescription", "setRemoteDescription"]) {
      const method = prototype[name]
      if (method === undefined) continue
      prototype[name] = function(this: RTCPeerConnection, ...given) {
        seen.add(this)
        return method.apply(this, given)
      }
    }
  }
  return {
    forget: () => seen.clear(),
    open: (): ReadonlyArray<RTCPeerConnection> => [...seen].filter(({ signalingState }) => signalingState !== "closed")
  }
}
