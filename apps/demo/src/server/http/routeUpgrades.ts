/** Which path's sockets are whose, and who may open one. For the HTTP server. */
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import { isAllowedOrigin } from "./isAllowedOrigin.ts"

/** What takes a WebSocket's upgrade over, as of `node:http`. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export const refuse = (socket: Duplex, status: string, words: string): void => {
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(words)}\r\n\r\n${words}`
  )
}

export const routeUpgrades = (server: Server, paths: Readonly<Record<string, Upgrade>>, origins?: ReadonlyArray<string>): void => {
  server.on("upgrade", (request, socket, head) => {
    // It may break at any time; who has it by then takes note.
    socket.on("error", () => socket.destroy())
    if (!isAllowedOrigin(request, origins)) return refuse(socket, "403 Forbidden", "Pages of other sites may not connect here.")
    const path = URL.parse(request.url ?? "", "http://localhost")?.pathname ?? ""
    const upgrade = Object.hasOwn(paths, path) ? paths[path] : undefined
    if (upgrade === undefined) return refuse(socket, "404 Not Found", "There is no socket at this path.")
    upgrade(request, socket, head)
  })
}
