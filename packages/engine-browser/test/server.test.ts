/** The engine can be imported on a server, where there is neither WebRTC nor a navigator with devices. */
import { RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { BrowserEngine, listDevices, openMedia } from "../src/index.ts"
import * as promise from "../src/promise.ts"

it("on a server the layer fails with reason Unsupported", async () => {
  const error = await Effect.runPromise(Effect.flip(Effect.provide(Effect.service(RtcEngine), BrowserEngine.layer())))
  expect(error).toMatchObject({ engine: "browser", operation: "open", reason: { _tag: "Unsupported", capability: "RTCPeerConnection" } })
})

it("on a server there is no media, and no list of devices", async () => {
  const reason = { _tag: "Media", fault: "unsupported" }
  expect(await Effect.runPromise(Effect.flip(Effect.scoped(openMedia({ camera: true }))))).toMatchObject({ operation: "openMedia", reason })
  expect(await Effect.runPromise(Effect.flip(listDevices))).toMatchObject({ operation: "listDevices", reason })
  await expect(promise.openMedia({ screen: true })).rejects.toMatchObject({ reason })
  await expect(promise.listDevices()).rejects.toMatchObject({ reason })
})
