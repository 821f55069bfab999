/** A relay that does what a test tells it to, also what ours never would. */
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"
import { type WebSocket, WebSocketServer } from "ws"

/** `serve` gets each connection with its number, from 0, at its first frame. Resolves to the URL. */
export const fakeRelay = async (serve: (socket: WebSocket, nth: number) => void): Promise<string> => {
  let connections = 0
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong: false })
  server.on("connection", (socket) => socket.once("message", () => serve(socket, connections++)))
  await new Promise((resolve) => server.once("listening", resolve))
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  })
  // A server that listens on a port has an address of this form.
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const joinedFrame = (name: string, beatMs: number) =>
  JSON.stringify({ type: "joined", self: { id: "x", name }, peers: [], beatMs })
