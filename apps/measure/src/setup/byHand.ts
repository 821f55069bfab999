/**
 * A call by hand: the shortest code that is right when one end calls and the other answers, over the same signaling. What
 * ours is measured against.
 */
import type { Contestant } from "./Contestant.ts"
import { openTextChannel, type TextEnd } from "./textChannel.ts"

interface Data {
  readonly description?: RTCSessionDescriptionInit
  readonly candidate?: RTCIceCandidateInit
}

const untilConnected = (pc: RTCPeerConnection) =>
  new Promise<void>((resolve) => {
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "connected") resolve()
    }
  })

interface End {
  readonly connected: Promise<void>
  readonly call: () => Promise<void>
}

/** One end: gives how to call. */
const join = (pc: RTCPeerConnection, signaling: TextEnd, track: MediaStreamTrack) => {
  const send = (data: Data) => signaling.send(JSON.stringify(data))
  let described: Promise<void> | undefined
  const describe = async (description: RTCSessionDescriptionInit) => {
    await pc.setLocalDescription(description)
    send({ description })
  }
  pc.onicecandidate = async ({ candidate }) => {
    // werift tells candidates while it sets their description.
    await described
    if (candidate) send({ candidate })
  }
  signaling.receive(async (text) => {
    const { candidate, description } = JSON.parse(text) as Data
    // A candidate that comes while its description is being set waits in the connection.
    if (candidate) return pc.addIceCandidate(candidate)
    if (description) await pc.setRemoteDescription(description)
    if (description?.type !== "offer") return
    pc.addTrack(track)
    await (described = describe(await pc.createAnswer()))
  })
  return async () => {
    pc.addTrack(track)
    await (described = describe(await pc.createOffer()))
  }
}

/** Two ends that both send audio, over signaling that is open. Both connections are opened in the call. */
export const byHand: Contestant = async (stack) => {
  const ends = openTextChannel()
  const open: Array<RTCPeerConnection> = []
  return {
    call: async () => {
      const [a, b] = ends.map((signaling) => {
        const pc = stack.connect()
        open.push(pc)
        return { connected: untilConnected(pc), call: join(pc, signaling, stack.track("audio")) }
      }) as [End, End]
      await a.call()
      await Promise.all([a.connected, b.connected])
    },
    close: async () => [...open, ...ends].forEach((one) => one.close())
  }
}
