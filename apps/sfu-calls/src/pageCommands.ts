/** What runs in Node for pages under test: breakable paths, as vitest's commands. */
import { udpPath } from "@enigma-rtc/testing/node"
import type { BreakablePath } from "@enigma-rtc/testing/conformance"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { BrowserCommand } from "vitest/node"

const paths = new Map<number, { readonly path: BreakablePath; readonly scope: Scope.Closeable }>()
let count = 0

const openPath: BrowserCommand<[]> = async () => {
  const scope = Scope.makeUnsafe()
  paths.set(++count, { path: await Effect.runPromise(Scope.provide(udpPath(), scope)), scope })
  return count
}
const carryOverPath: BrowserCommand<[id: number, candidate: string]> = async (_, id, candidate) => {
  const carried = paths.get(id)?.path.carry({ candidate })
  return carried === undefined ? candidate : (await Effect.runPromise(carried)).candidate
}
const setPathOpen: BrowserCommand<[id: number, open: boolean]> = async (_, id, open) => {
  const path = paths.get(id)?.path
  if (path !== undefined) await Effect.runPromise(open ? path.mend : path.cut)
}
const closePath: BrowserCommand<[id: number]> = async (_, id) => {
  const scope = paths.get(id)?.scope
  paths.delete(id)
  if (scope !== undefined) await Effect.runPromise(Scope.close(scope, Exit.void))
}

export const pageCommands = { openPath, carryOverPath, setPathOpen, closePath }

declare module "vitest/browser" {
  interface BrowserCommands {
    readonly openPath: () => Promise<number>
    readonly carryOverPath: (id: number, candidate: string) => Promise<string>
    readonly setPathOpen: (id: number, open: boolean) => Promise<void>
    readonly closePath: (id: number) => Promise<void>
  }
}
