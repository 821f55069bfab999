/** A connection to the relay within its own process, in the shape of a WebSocket. For the bot. */
import type { RelayMessage } from "../../relay/protocol.ts"
import type { SocketLike } from "../../relay/SocketLike.ts"
import type { Relay } from "./Relay.ts"

const beat = JSON.stringify({ type: "beat" } satisfies RelayMessage)

/** Each frame comes in a turn of its own, as over a network. */
export const connectInside = (relay: Relay): SocketLike => {
  let isClosed = false
  const socket: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (frame) => setImmediate(() => { if (!isClosed) seat.receive(frame) }),
    close: () => {
      if (isClosed) return
      isClosed = true
      clearInterval(heart)
      seat.closed()
      setImmediate(() => socket.onclose?.({}))
    }
  }
  const seat = relay.connect({
    send: (frame) => {
      setImmediate(() => socket.onmessage?.({ data: frame }))
      return !isClosed
    },
    close: () => setImmediate(() => socket.close())
  })
  const heart = setInterval(() => socket.onmessage?.({ data: beat }), relay.settings.beatMs)
  setImmediate(() => socket.onopen?.({}))
  return socket
}
