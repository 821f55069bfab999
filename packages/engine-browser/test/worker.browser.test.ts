/** The engine can be imported where there is no WebRTC: in a worker. */
import { expect, it } from "vitest"

it("in a worker the engine imports, and fails with a typed error when it is opened", async () => {
  const worker = new Worker(new URL("./engineInWorker.ts", import.meta.url), { type: "module" })
  const told = await new Promise((resolve, reject) => {
    new BroadcastChannel("engine in a worker").addEventListener("message", ({ data }) => resolve(data))
    worker.addEventListener("error", ({ message }) => reject(new Error(message)))
  })
  worker.terminate()
  expect(told).toEqual({ _tag: "Unsupported", capability: "RTCPeerConnection" })
})
