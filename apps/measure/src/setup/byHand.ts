/** A call by hand: the shortest code that is right when signaling is a function call. What ours is measured against. */
import type { Stack } from "../stacks/Stack.ts"

const untilConnected = (pc: RTCPeerConnection) =>
  new Promise<void>((resolve) => {
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "connected") resolve()
    }
  })

/** Connects two ends that both send audio. Fulfilled when both are connected, with how to close them. */
export const callByHand = async (stack: Stack): Promise<() => Promise<void>> => {
  const [a, b] = [stack.connect(), stack.connect()]
  const connected = Promise.all([untilConnected(a), untilConnected(b)])
  a.onicecandidate = ({ candidate }) => void (candidate && b.addIceCandidate(candidate))
  b.onicecandidate = ({ candidate }) => void (candidate && a.addIceCandidate(candidate))
  a.addTrack(stack.track("audio"))
  const offer = await a.createOffer()
  await a.setLocalDescription(offer)
  await b.setRemoteDescription(offer)
  b.addTrack(stack.track("audio"))
  const answer = await b.createAnswer()
  await b.setLocalDescription(answer)
  await a.setRemoteDescription(answer)
  await connected
  return async () => {
    a.close()
    b.close()
  }
}
