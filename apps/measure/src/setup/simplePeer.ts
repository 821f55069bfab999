/** The same call by simple-peer, which always has a data channel and is connected when that is open. */
import type { Stack } from "../stacks/Stack.ts"
// It has no types: what is used of it is written down below.
// @ts-expect-error
import Untyped from "simple-peer/simplepeer.min.js"

interface SimplePeer {
  readonly on: (event: string, listener: (given: never) => void) => void
  readonly signal: (data: object) => void
  readonly destroy: () => void
}
const Peer = Untyped as new(options: { readonly initiator: boolean; readonly stream: MediaStream; readonly config: object }) => SimplePeer

export const callBySimplePeer = async (stack: Stack): Promise<() => Promise<void>> => {
  const [a, b] = [true, false].map((initiator) =>
    new Peer({ initiator, stream: new MediaStream([stack.track("audio")]), config: { iceServers: [] } })
  ) as [SimplePeer, SimplePeer]
  const connected = (peer: SimplePeer) => new Promise<void>((resolve) => peer.on("connect", () => resolve()))
  a.on("signal", (data) => b.signal(data))
  b.on("signal", (data) => a.signal(data))
  await Promise.all([connected(a), connected(b)])
  return async () => {
    a.destroy()
    b.destroy()
  }
}
