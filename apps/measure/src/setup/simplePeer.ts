/** The same call by simple-peer, which always has a data channel and is connected when that is open. */
import type { Contestant } from "./Contestant.ts"
import { openTextChannel } from "./textChannel.ts"
// It has no types: what is used of it is written down below.
// @ts-expect-error
import Untyped from "simple-peer/simplepeer.min.js"

interface SimplePeer {
  readonly on: (event: string, listener: (given: never) => void) => void
  readonly signal: (data: object) => void
  readonly destroy: () => void
}
const Peer = Untyped as new(options: { readonly initiator: boolean; readonly stream: MediaStream; readonly config: object }) => SimplePeer

export const simplePeer: Contestant = async (stack) => {
  const ends = openTextChannel()
  const open: Array<SimplePeer> = []
  return {
    call: () =>
      Promise.all(ends.map((signaling, i) => {
        const peer = new Peer({ initiator: i === 0, stream: new MediaStream([stack.track("audio")]), config: { iceServers: [] } })
        open.push(peer)
        peer.on("signal", (data) => signaling.send(JSON.stringify(data)))
        signaling.receive((text) => peer.signal(JSON.parse(text) as object))
        return new Promise<void>((resolve) => peer.on("connect", () => resolve()))
      })),
    close: async () => {
      for (const peer of open) peer.destroy()
      for (const end of ends) end.close()
    }
  }
}
