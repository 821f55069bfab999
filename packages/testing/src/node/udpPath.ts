/** A path over UDP that can be broken: what goes to a candidate goes by way of a socket here. */
import { createSocket, type Socket } from "node:dgram"
import type { IceCandidate } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { BreakablePath } from "../conformance/EngineUnderTest.ts"

/** foundation, component, transport, priority; address; port; the rest (RFC 8839 section 5.1). */
const candidatePattern = /^(candidate:\S+ \d+ udp \d+) ([\d.]+) (\d+) (typ .*)$/i

const bind = (host: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket("udp4")
    socket.once("error", reject)
    socket.bind(0, host, () => {
      socket.off("error", reject)
      // A far end that has closed is no error of the path.
      socket.on("error", () => {})
      resolve(socket)
    })
  })

/** Where a path runs. */
export interface UdpPathOptions {
  /** The IPv4 address of this machine that its ports are on: loopback without it. A stack may pair nothing with that, as Firefox. */
  readonly address?: string
}

interface End {
  readonly address: string
  readonly port: number
}

const nameOf = ({ address, port }: End): string => `${address} ${port}`

/**
 * Each candidate is told to the other end under a port of this path. A packet to it leaves from the port that stands for
 * its sender, so that both ends know each other by this path's ports alone. Only UDP over IPv4 goes this way; other
 * candidates, and those that name an mDNS host, are told as ones that lead nowhere.
 */
export const udpPath = (options: UdpPathOptions = {}): Effect.Effect<BreakablePath, never, Scope.Scope> => Effect.gen(function*() {
  const { address: host = "127.0.0.1" } = options
  const sockets = new Set<Socket>()
  /** By the name of a real end, the socket that stands for it. */
  const standIns = new Map<string, Promise<Socket>>()
  let open = true
  let closed = false
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      closed = true
      sockets.forEach((socket) => socket.close())
    })
  )

  const standInFor = (end: End): Promise<Socket> => {
    const known = standIns.get(nameOf(end))
    if (known !== undefined) return known
    const made = bind(host).then((socket) => {
      if (closed) socket.close()
      else sockets.add(socket)
      socket.on("message", (packet, sender) => {
        if (!open) return
        standInFor(sender).then(
          (from) => {
            if (open && !closed) from.send(packet, end.port, end.address, () => {})
          },
          // No socket to be had: the packet is lost, as packets may be.
          () => {}
        )
      })
      return socket
    })
    standIns.set(nameOf(end), made)
    return made
  }

  return {
    carry: (candidate: IceCandidate) => {
      const [, head, address = "", port, tail] = candidatePattern.exec(candidate.candidate) ?? []
      if (candidate.candidate === "") return Effect.succeed(candidate)
      if (head === undefined) {
        return Effect.succeed({ ...candidate, candidate: `candidate:0 1 udp 1 ${host} 9 typ host` })
      }
      return Effect.map(Effect.promise(() => standInFor({ address, port: Number(port) })), (socket) => ({
        ...candidate,
        candidate: `${head} ${host} ${socket.address().port} ${tail}`
      }))
    },
    cut: Effect.sync(() => {
      open = false
    }),
    mend: Effect.sync(() => {
      open = true
    })
  }
})
