/** A relay in a process of its own, which a test can kill: `RELAY_URL` is its broker, `RELAY_PORT` its port. It says that port, and serves. */
import * as Effect from "effect/Effect"
import { startServer } from "../src/server/startServer.ts"
import { quick } from "./quick.ts"

const { RELAY_PORT = "0", RELAY_URL: broker = "" } = process.env

await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
  const { port } = yield* startServer({
    host: "127.0.0.1",
    port: Number(RELAY_PORT),
    relay: quick,
    ...(broker === "" ? {} : { broker })
  })
  console.log(port)
  yield* Effect.never
})))
