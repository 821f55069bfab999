/** The relay over WebSockets: upgrades, heartbeats, and bounds on what waits to be sent. For the server. */
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { type WebSocket, WebSocketServer } from "ws"
import { RelayLimits } from "../../relay/protocol.ts"
import { type Link, say } from "./Link.ts"
import type { Relay } from "./Relay.ts"

export interface Sockets {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Closes every connection; what does not close by itself is cut off. */
  readonly close: () => Promise<void>
}

/** Codes of RFC 6455 section 7.4.1. */
const normal = 1000
const goingAway = 1001
/** How long a client may take to close its end. */
const closingMs = 500

export const acceptSockets = (relay: Relay): Sockets => {
  const { beatMs, bufferedBytes } = relay.settings
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: RelayLimits.frameBytes,
    perMessageDeflate: false
  })
  const answering = new WeakSet<WebSocket>()
  const beats = new WeakMap<WebSocket, () => void>()

  const serve = (socket: WebSocket, address: string) => {
    const isOpen = () => socket.readyState === socket.OPEN
    const link: Link = {
      send: (frame) => {
        if (!isOpen()) return false
        if (socket.bufferedAmount + frame.length > bufferedBytes) {
          // It would not read our words either.
          socket.terminate()
          seat.refuse("too-slow")
          return false
        }
        socket.send(frame)
        return true
      },
      close: () => {
        if (!isOpen()) return
        socket.close(normal)
        setTimeout(() => socket.terminate(), closingMs).unref()
      }
    }
    const seat = relay.connect(link, address)
    answering.add(socket)
    socket.on("pong", () => answering.add(socket))
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) seat.refuse("bad-message")
      else seat.receive(data.toString("utf8"))
    })
    // A frame that is too big or malformed: `ws` closes the connection by itself.
    socket.on("error", () => seat.refuse("bad-message"))
    socket.on("close", () => seat.closed())
    beats.set(socket, () => say(link, { type: "beat" }))
  }

  const heart = setInterval(() => {
    for (const socket of server.clients) {
      // Who has not answered since the last beat is gone, whatever TCP believes.
      if (!answering.delete(socket)) {
        socket.terminate()
        continue
      }
      socket.ping()
      beats.get(socket)?.()
    }
  }, beatMs)

  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => serve(client, request.socket.remoteAddress ?? "unknown")),
    close: async () => {
      clearInterval(heart)
      for (const client of server.clients) client.close(goingAway)
      const cut = setTimeout(() => server.clients.forEach((client) => client.terminate()), closingMs)
      await new Promise((resolve) => server.close(resolve))
      clearTimeout(cut)
    }
  }
}
