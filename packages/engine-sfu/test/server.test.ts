/** What is rendered on a server imports the page's engine, and does nothing by that. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import { remoteMediaTrack, SfuEngine, SfuRoom } from "../src/index.ts"

it("a page's room is not joined where there is no RTCPeerConnection, and the error says so", async () => {
  const signaling = { request: () => Effect.never, notifications: Stream.never }
  const error = await Effect.runPromise(Effect.scoped(Effect.flip(SfuRoom.join({ room: "r", signaling }))))
  expect(error).toMatchObject({ engine: "sfu", operation: "join", reason: { _tag: "Unsupported", capability: "RTCPeerConnection" } })
})

it("an engine is made over nothing but a room that was joined", async () => {
  const room = { room: "r", peer: Effect.succeed("p"), peers: Stream.empty }
  const error = await Effect.runPromise(Effect.flip(SfuEngine.make({ room })))
  expect(error).toMatchObject({ reason: { _tag: "InvalidConfig", field: "room" } })
})

it("a track of another engine has no media here", () => {
  expect(remoteMediaTrack({ id: "x", slot: "camera" })).toBeUndefined()
})

it("Node's engine leaves no constructor behind", async () => {
  await import("../src/node.ts")
  expect("RTCPeerConnection" in globalThis || "MediaStream" in globalThis).toBe(false)
})
