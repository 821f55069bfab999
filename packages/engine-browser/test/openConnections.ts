/** How many connections and tracks are open in the page. The constructor and the sources of tracks are wrapped. */
const connections = new Set<RTCPeerConnection>()
const everOpened: Array<WeakRef<RTCPeerConnection>> = []
const Native = RTCPeerConnection

/** From now on each connection is known. */
export const countConnections = (): void => {
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      // Chromium makes 500 of those that are not yet collected, and no more.
      for (const pc of connections) if (pc.signalingState === "closed") connections.delete(pc)
      connections.add(this)
      everOpened.push(new WeakRef(this))
    }
  }
}

/** Connections that are not closed, and the tracks that they still send or receive. */
export const openInPage = (): number => {
  let open = 0
  for (const pc of connections) {
    if (pc.signalingState === "closed") connections.delete(pc)
    else open += 1 + pc.getSenders().filter(({ track }) => track !== null).length
  }
  return open
}

/** Connections, open or closed, that the garbage collector has not taken. */
export const connectionsInMemory = (): number => everOpened.filter((one) => one.deref() !== undefined).length

const live = () => [...connections].filter(({ signalingState }) => signalingState !== "closed")

/** What receives, in all of them. */
export const receivers = (): ReadonlyArray<RTCRtpReceiver> => live().flatMap((pc) => pc.getReceivers())

/** Does a connection send this track that is up? */
export const isBeingSent = (track: MediaStreamTrack): boolean =>
  live().some((pc) => pc.connectionState === "connected" && pc.getSenders().some((sender) => sender.track === track))
