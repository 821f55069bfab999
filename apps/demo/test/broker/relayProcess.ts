/** A relay in a process of its own, which a test can kill: `RELAY_URL` is its broker; it says its port, and then serves. */
import * as Effect from "effect/Effect"
import { startServer } from "../../src/server/startServer.ts"
import { quick } from "./quick.ts"

await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
  const { port } = yield* startServer({ host: "127.0.0.1", port: 0, broker: process.env["RELAY_URL"] ?? "", relay: quick })
  console.log(port)
  yield* Effect.never
})))
