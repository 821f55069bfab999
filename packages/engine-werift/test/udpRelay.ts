/** A network between two peers that a test can cut: each socket of theirs has a counterpart here, which they are told of. */
import { createSocket, type Socket } from "node:dgram"
import { once } from "node:events"
import * as Effect from "effect/Effect"

export class UdpRelay {
  /** Packets are lost while it is cut. */
  isCut = false
  passed = 0
  readonly #sockets = new Map<number, Socket>()

  /** The port that stands for a peer's own. */
  async #publicPort(port: number): Promise<number> {
    return (await this.#publicSocket(port)).address().port
  }

  async #publicSocket(port: number): Promise<Socket> {
    const known = this.#sockets.get(port)
    if (known !== undefined) {
      await this.#bound.get(known)
      return known
    }
    const socket = createSocket("udp4")
    this.#sockets.set(port, socket)
    this.#bound.set(socket, once(socket, "listening"))
    socket.bind(0, "127.0.0.1")
    await this.#bound.get(socket)
    socket.on("message", (packet, from) => {
      if (this.isCut) return
      void this.#publicSocket(from.port).then((counterpart) => {
        this.passed += 1
        if (!this.#closed) counterpart.send(packet, port, "127.0.0.1")
      })
    })
    return socket
  }
  readonly #bound = new Map<Socket, Promise<unknown>>()
  #closed = false

  /** A candidate, or a description with candidates, as the far end is to see it. */
  async rewrite(text: string): Promise<string> {
    const pattern = /(candidate:\S+ \d+ \S+ \d+ 127\.0\.0\.1) (\d+)/g
    const ports = [...text.matchAll(pattern)].map(([, , port]) => Number(port))
    const told = new Map(await Promise.all(ports.map(async (port) => [port, await this.#publicPort(port)] as const)))
    return text.replace(pattern, (_, before: string, port: string) => `${before} ${told.get(Number(port))}`)
  }

  close(): void {
    this.#closed = true
    for (const socket of this.#sockets.values()) socket.close()
  }
}

export const udpRelay = Effect.acquireRelease(Effect.sync(() => new UdpRelay()), (relay) => Effect.sync(() => relay.close()))
