/** Vitest commands for pages: servers of a test's own, whose workers it may kill. */
import * as Effect from "effect/Effect"
import type { BrowserCommand } from "vitest/node"
import { serveForPages, type ServerForPages } from "./serveForPages.ts"

const servers = new Map<string, ServerForPages>()

const openServer: BrowserCommand<[]> = async () => {
  const opened = await serveForPages()
  servers.set(opened.url, opened)
  return opened.url
}
const killWorkers: BrowserCommand<[url: string]> = async (_, url) => {
  const server = servers.get(url)?.server
  if (server === undefined) return
  const { workers } = await Effect.runPromise(server.figures)
  for (const { pid } of workers) if (pid !== undefined) process.kill(pid, "SIGKILL")
}
const closeServer: BrowserCommand<[url: string]> = async (_, url) => {
  await servers.get(url)?.close()
  servers.delete(url)
}

export const serverCommands = { openServer, killWorkers, closeServer }

declare module "vitest/browser" {
  interface BrowserCommands {
    readonly openServer: () => Promise<string>
    readonly killWorkers: (url: string) => Promise<void>
    readonly closeServer: (url: string) => Promise<void>
  }
}
