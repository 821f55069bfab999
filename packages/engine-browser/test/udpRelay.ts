/**
 * A breakable UDP path on an address that is not loopback: Firefox has no candidates there, and pairs none of its own with
 * one there. Otherwise it is `udpPath` of `@enigma-rtc/testing/node`.
 */
import { createSocket, type Socket } from "node:dgram"
import { networkInterfaces } from "node:os"

/** foundation, component, transport, priority; address; port; the rest (RFC 8839 section 5.1). */
const candidatePattern = /^(candidate:\S+ \d+ udp \d+) (\S+) (\d+) (typ .*)$/i

const host = Object.values(networkInterfaces()).flat()
  .find((one) => one !== undefined && !one.internal && one.family === "IPv4")?.address ?? "127.0.0.1"

const bind = (): Promise<Socket> =>
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

export interface UdpRelay {
  /** The candidate to tell in this one's stead. */
  readonly carry: (candidate: string) => Promise<string>
  readonly setOpen: (open: boolean) => void
  readonly close: () => void
}

export const openRelay = (): UdpRelay => {
  const sockets = new Set<Socket>()
  /** By the address and port of a real end, the socket that stands for it. */
  const standIns = new Map<string, Promise<Socket>>()
  let isOpen = true
  const make = async (address: string, port: number) => {
    const socket = await bind()
    sockets.add(socket)
    socket.on("message", (packet, sender) => {
      if (!isOpen) return
      void standInFor(sender.address, sender.port).then((from) => {
        if (isOpen && sockets.has(from)) from.send(packet, port, address, () => {})
      })
    })
    return socket
  }
  const standInFor = (address: string, port: number): Promise<Socket> => {
    const name = `${address} ${port}`
    const made = standIns.get(name) ?? make(address, port)
    standIns.set(name, made)
    return made
  }
  return {
    carry: async (candidate) => {
      if (candidate === "") return candidate
      const [, head, address = "", port, tail] = candidatePattern.exec(candidate) ?? []
      if (head === undefined || address.includes(":")) return `candidate:0 1 udp 1 ${host} 9 typ host`
      return `${head} ${host} ${(await standInFor(address, Number(port))).address().port} ${tail}`
    },
    setOpen: (open) => {
      isOpen = open
    },
    close: () => {
      for (const socket of sockets) socket.close()
      sockets.clear()
    }
  }
}
