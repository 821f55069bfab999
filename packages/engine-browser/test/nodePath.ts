/** Vitest commands that run a breakable path in Node, for pages, which have no sockets of their own. */
import type { BrowserCommand } from "vitest/node"
import { openRelay, type UdpRelay } from "./udpRelay.ts"

const relays = new Map<number, UdpRelay>()
let count = 0

const openPath: BrowserCommand<[]> = () => {
  relays.set(++count, openRelay())
  return count
}
const carryOverPath: BrowserCommand<[id: number, candidate: string]> = (_, id, candidate) => relays.get(id)?.carry(candidate)
const setPathOpen: BrowserCommand<[id: number, open: boolean]> = (_, id, open) => relays.get(id)?.setOpen(open)
const closePath: BrowserCommand<[id: number]> = (_, id) => {
  relays.get(id)?.close()
  relays.delete(id)
}

export const pathCommands = { openPath, carryOverPath, setPathOpen, closePath }

declare module "vitest/browser" {
  interface BrowserCommands {
    readonly openPath: () => Promise<number>
    readonly carryOverPath: (id: number, candidate: string) => Promise<string>
    readonly setPathOpen: (id: number, open: boolean) => Promise<void>
    readonly closePath: (id: number) => Promise<void>
  }
}
