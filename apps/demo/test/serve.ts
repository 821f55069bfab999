/** A real server on a free port of loopback, for a test; it is closed after the test, or before by the test itself. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { onTestFinished } from "vitest"
import { type DemoServer, type ServerOptions, startServer } from "../src/server/startServer.ts"

export interface Served extends DemoServer {
  readonly base: string
  readonly socketUrl: string
  readonly stop: () => Promise<void>
}

export const serve = async (options: Partial<ServerOptions> = {}): Promise<Served> => {
  const scope = Scope.makeUnsafe()
  const server = await Effect.runPromise(Scope.provide(startServer({ host: "127.0.0.1", port: 0, ...options }), scope))
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= Effect.runPromise(Scope.close(scope, Exit.void)))
  onTestFinished(stop)
  return { ...server, base: `http://127.0.0.1:${server.port}`, socketUrl: `ws://127.0.0.1:${server.port}/relay`, stop }
}
