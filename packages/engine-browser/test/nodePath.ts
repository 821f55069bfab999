/** Vitest commands that run a breakable path in Node, for pages, which have no sockets of their own. */
import { networkInterfaces } from "node:os"
import { udpPath } from "@enigma-rtc/testing/node"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { BrowserCommand } from "vitest/node"

/** Not loopback: Firefox has no candidates there, and pairs none of its own with one there. */
const address = Object.values(networkInterfaces()).flat()
  .find((one) => one !== undefined && !one.internal && one.family === "IPv4")?.address ?? "127.0.0.1"

const open = async () => {
  const scope = Scope.makeUnsafe()
  return { scope, path: await Effect.runPromise(Scope.provide(udpPath({ address }), scope)) }
}
const paths = new Map<number, Awaited<ReturnType<typeof open>>>()
let count = 0

const find = (id: number) => {
  const found = paths.get(id)
  if (found === undefined) throw new Error(`Path ${id} is not open.`)
  return found
}

const openPath: BrowserCommand<[]> = async () => {
  const id = ++count
  paths.set(id, await open())
  return id
}
const carryOverPath: BrowserCommand<[id: number, candidate: string]> = async (_, id, candidate) =>
  (await Effect.runPromise(find(id).path.carry({ candidate }))).candidate
const setPathOpen: BrowserCommand<[id: number, open: boolean]> = (_, id, isOpen) => {
  const { path } = find(id)
  return Effect.runPromise(isOpen ? path.mend : path.cut)
}
const closePath: BrowserCommand<[id: number]> = async (_, id) => {
  const { scope } = find(id)
  paths.delete(id)
  await Effect.runPromise(Scope.close(scope, Exit.void))
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
