/** What must not reach werift, and what must not hang it. */
import dns from "node:dns"
import { type RtcConfig, RtcEngine, type RtcPeer, initialIntent, makeConfig } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { vi } from "vitest"
import { tone, WeriftEngine } from "../src/index.ts"
import { loopback } from "./twoPeers.ts"

const config: RtcConfig = Result.getOrThrow(makeConfig({ enableData: true }))

const openPeer = Effect.gen(function*() {
  const engine = yield* WeriftEngine.make(loopback)
  return yield* engine.open(config, initialIntent(config))
})

describe("the werift engine", () => {
  it.live("refuses text that is no SDP, as an offer and as an answer, which werift itself would take", () =>
    Effect.gen(function*() {
      const peer = yield* openPeer
      expect(yield* Effect.flip(peer.createAnswer("not sdp at all"))).toMatchObject({
        operation: "createAnswer",
        reason: { _tag: "Refused" },
        cause: { _tag: "InvalidSdp", at: "line 1" }
      })
      yield* peer.createOffer()
      expect(yield* Effect.flip(peer.applyAnswer("not sdp at all"))).toMatchObject({ cause: { _tag: "InvalidSdp" } })
    }).pipe(Effect.scoped))

  it.live("refuses a malformed candidate, and keeps an early one until its description", () =>
    Effect.gen(function*() {
      const [left, right] = [yield* openPeer, yield* openPeer]
      expect(yield* Effect.flip(left.addRemoteCandidate({ candidate: "garbage" }))).toMatchObject({
        cause: { _tag: "InvalidCandidate" }
      })
      yield* left.addRemoteCandidate({ candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host", sdpMid: "0" })
      const offer = yield* left.createOffer()
      yield* left.applyAnswer(yield* right.createAnswer(offer))
    }).pipe(Effect.scoped))

  it.live("after close every operation fails with reason Closed, and the events end", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const peer = yield* Scope.provide(openPeer, scope)
      yield* peer.createOffer()
      yield* Scope.close(scope, Exit.void)
      const operations: ReadonlyArray<(p: RtcPeer) => Effect.Effect<unknown, unknown, Scope.Scope>> = [
        (p) => p.createOffer(),
        (p) => p.createAnswer("v=0"),
        (p) => p.applyAnswer("v=0"),
        (p) => p.setMedia(initialIntent(config)),
        (p) => p.addRemoteCandidate({ candidate: "" }),
        (p) => p.rollback,
        (p) => p.stats,
        (p) => p.openDataChannel("x")
      ]
      for (const operation of operations) {
        expect(yield* Effect.flip(operation(peer))).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "Closed" } })
      }
      yield* Stream.runDrain(peer.events)
    }).pipe(Effect.scoped))

  it.live("closing while an offer is being made settles the offer", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const peer = yield* Scope.provide(openPeer, scope)
      const offering = yield* Effect.forkScoped(Effect.result(peer.createOffer()))
      yield* Scope.close(scope, Exit.void)
      const result = yield* Fiber.await(offering)
      expect(Exit.isSuccess(result)).toBe(true)
    }).pipe(Effect.scoped))

  it.live("asks no STUN server that the app has not named, neither to offer nor to answer", () =>
    Effect.gen(function*() {
      const lookups = vi.spyOn(dns.promises, "lookup")
      const [left, right] = [yield* openPeer, yield* openPeer]
      yield* left.applyAnswer(yield* right.createAnswer(yield* left.createOffer()))
      yield* Effect.sleep(100)
      expect(lookups.mock.calls.map(([name]) => name)).toEqual([])
      lookups.mockRestore()
    }).pipe(Effect.scoped))

  it.live("a source of the wrong kind is a typed error that names the slot", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(WeriftEngine.make({ media: { camera: tone() } }))
      expect(error).toMatchObject({ reason: { _tag: "InvalidConfig", field: "media.camera", expected: "a source of video" } })
    }).pipe(Effect.scoped))

  it.live("as a layer, provides the engine with its true capabilities", () =>
    Effect.gen(function*() {
      const engine = yield* RtcEngine
      expect(engine.name).toBe("werift")
      expect(engine.capabilities).toMatchObject({ media: true, data: true, rollback: true, renegotiation: true, iceRestart: true })
    }).pipe(Effect.provide(WeriftEngine.layer(loopback))))
})
