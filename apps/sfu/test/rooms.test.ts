import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { call, connect, startServer } from "./rig.ts"

it.live("a peer that joins is told who is there, and the others are told of it", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const alice = yield* connect(server)
    const bob = yield* connect(server)
    expect((yield* alice.joined("one", "alice")).peers).toEqual([])
    const joined = yield* bob.joined("one", "bob")
    expect(joined).toMatchObject({ peer: "bob", peers: ["alice"], resumed: false })
    expect(joined.routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType)).toContain("video/VP8")
    yield* alice.hears("peerJoined", ({ peer }) => peer === "bob")
    yield* bob.request("leave", {})
    yield* alice.hears("peerLeft", ({ peer }) => peer === "bob")
  }))

it.live("a peer consumes what another sends, knowing its id", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { bob, consumed, producer, alice } = yield* call(server, "one")
    expect(consumed).toMatchObject({ kind: "audio", peer: "alice", slot: "microphone" })
    expect(consumed.rtpParameters.codecs[0]?.mimeType).toBe("audio/opus")
    yield* alice.request("closeProducer", { producer })
    yield* bob.hears("consumerClosed", ({ consumer }) => consumer === consumed.consumer)
  }))
