/** Servers that pages reach over WebSockets: one for each project in browsers, as vitest's global set-up. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"
import { serveWebSocket } from "@enigma-rtc/sfu-server"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { TestProject } from "vitest/node"
import { type Server, startServer } from "./rig.ts"

/** Firefox pairs no candidate of its own with one on loopback. */
const ip = Object.values(networkInterfaces()).flat()
  .find((one) => one !== undefined && !one.internal && one.family === "IPv4")?.address ?? "127.0.0.1"

export interface ServerForPages {
  readonly url: string
  readonly server: Server
  readonly close: () => Promise<void>
}

export const serveForPages = async (): Promise<ServerForPages> => {
  const scope = Scope.makeUnsafe()
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
  const served = Effect.tap(startServer({ listen: { ip } }), (server) =>
    serveWebSocket(http, server, { identify: () => Effect.succeed("a page"), allowOrigin: () => true }))
  const server = await Effect.runPromise(Scope.provide(served, scope))
  // It listens at a port.
  const { port } = http.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/sfu`,
    server,
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      http.closeAllConnections()
      http.close()
    }
  }
}

export default async (project: TestProject) => {
  const { close, url } = await serveForPages()
  project.provide("sfuUrl", url)
  return close
}

declare module "vitest" {
  interface ProvidedContext {
    readonly sfuUrl: string
  }
}
