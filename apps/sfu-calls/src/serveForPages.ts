/** Vitest's global set-up of the projects in browsers: a server that pages reach over WebSockets. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"
import { serveWebSocket } from "@enigma-rtc/sfu-server"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { TestProject } from "vitest/node"
import { startServer } from "./rig.ts"

/** Firefox pairs no candidate of its own with one on loopback. */
const ip = Object.values(networkInterfaces()).flat()
  .find((one) => one !== undefined && !one.internal && one.family === "IPv4")?.address ?? "127.0.0.1"

export default async (project: TestProject) => {
  const scope = Scope.makeUnsafe()
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
  await Effect.runPromise(Scope.provide(
    Effect.flatMap(startServer({ listen: { ip } }), (server) => serveWebSocket(http, server, { identify: () => Effect.succeed("a page"), allowOrigin: () => true })),
    scope
  ))
  // It listens at a port.
  const { port } = http.address() as AddressInfo
  project.provide("sfuUrl", `ws://127.0.0.1:${port}/sfu`)
  return async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    http.closeAllConnections()
    http.close()
  }
}

declare module "vitest" {
  interface ProvidedContext {
    readonly sfuUrl: string
  }
}
