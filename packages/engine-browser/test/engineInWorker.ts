/** Imports the engine in a worker, and tells how opening it went. */
import * as Effect from "effect/Effect"
import { BrowserEngine } from "../src/index.ts"
import { listDevices } from "../src/promise.ts"

/* oxlint-disable unicorn/require-post-message-target-origin -- a channel has none */
const told = new BroadcastChannel("engine in a worker")

void Effect.runPromise(Effect.flip(Effect.scoped(BrowserEngine.make({ media: { camera: true } })))).then(({ reason }) =>
  listDevices().then(
    () => told.postMessage("There are devices in a worker."),
    () => told.postMessage(reason)
  ))
