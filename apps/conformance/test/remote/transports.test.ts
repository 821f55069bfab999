/** What goes wrong on the way to a served engine is told as the port tells it, and nothing waits for ever. */
import { initialIntent, makeConfig, RtcEngine, type RtcPeer, WebRtcError } from "@enigma-rtc/core"
import { MockEngine } from "@enigma-rtc/testing"
import { mockUnderTest } from "@enigma-rtc/testing/conformance"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { remoteEngine } from "../../src/remote/remoteEngine.ts"
import { serveEngine } from "../../src/remote/serveEngine.ts"
import type { TextTransport } from "../../src/remote/TextTransport.ts"
import { fromWireData, fromWireError, toWireData, toWireError } from "../../src/remote/wire.ts"
import { memoryTransports } from "./memoryTransports.ts"

const config = Result.getOrThrow(makeConfig({ operationTimeoutMs: 200 }))
const limits = { capabilities: mockUnderTest().capabilities, graceMs: 100, limitMs: 300 }

interface Afar {
  readonly mock: MockEngine
  readonly transport: TextTransport
  readonly open: Effect.Effect<RtcPeer, WebRtcError, Scope.Scope>
}

/** A mock afar, for as long as the test needs it; then nothing of it is open any more. */
const withMock = async (use: (afar: Afar) => Effect.Effect<void, unknown, Scope.Scope>) => {
  const mock = MockEngine.make()
  const { far, near } = memoryTransports()
  const served = serveEngine({ ...mockUnderTest(), left: mock.layer }, far)
  const { left } = remoteEngine(() => Promise.resolve(near), limits)
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const engine = Context.get(yield* Layer.build(left), RtcEngine)
    yield* use({ mock, transport: near, open: engine.open(config, initialIntent(config)) })
  })))
  near.close()
  await served
  expect(mock.peers.map(({ signalingState }) => signalingState)).toEqual(mock.peers.map(() => "closed"))
}

const refused = (operation: string, reason: object) => ({ _tag: "WebRtcError", engine: "mock", operation, reason })

describe("a transport that closes", () => {
  it("fails what is under way, and what comes later, with Closed in the engine's name", () =>
    withMock(({ mock, open, transport }) =>
      Effect.gen(function*() {
        const peer = yield* open
        mock.faults = { never: ["createOffer"] }
        const offering = yield* Effect.forkScoped(Effect.flip(peer.createOffer()), { startImmediately: true })
        transport.close()
        expect(yield* Fiber.join(offering)).toMatchObject(refused("createOffer", { _tag: "Closed" }))
        expect(yield* Effect.flip(peer.stats)).toMatchObject(refused("stats", { _tag: "Closed" }))
        expect(yield* Effect.flip(Effect.scoped(open))).toMatchObject(refused("open", { _tag: "Closed" }))
      })))

  it("ends the events of its connections", () =>
    withMock(({ open, transport }) =>
      Effect.gen(function*() {
        const { events } = yield* open
        const reading = yield* Effect.forkScoped(Stream.runDrain(events), { startImmediately: true })
        transport.close()
        yield* Fiber.join(reading)
        yield* Stream.runDrain(events)
      })))

  it("closes at the far side whatever was open", () =>
    withMock(({ open, transport }) => Effect.andThen(open, Effect.sync(() => transport.close()))))
})

describe("a far side that says nothing", () => {
  it("fails every question with Timeout, and nothing hangs", async () => {
    const { near } = memoryTransports()
    const { left } = remoteEngine(() => Promise.resolve(near), limits)
    const failure = await Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(left))))
    expect(failure).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "Timeout", limitMs: 300 } })
  })
})

describe("a question", () => {
  it("that the engine refuses fails with the engine's error and its cause's words", () =>
    withMock(({ mock, open }) =>
      Effect.gen(function*() {
        const peer = yield* open
        mock.faults = { fail: { createOffer: new TypeError("no such codec") } }
        const error = yield* Effect.flip(peer.createOffer())
        expect(error).toBeInstanceOf(WebRtcError)
        expect(error).toMatchObject(refused("createOffer", { _tag: "Refused" }))
        expect(error.message).toBe("mock createOffer: the WebRTC stack refused (no such codec)")
      })))

  it("that takes too long fails with the engine's own Timeout", () =>
    withMock(({ mock, open }) =>
      Effect.gen(function*() {
        const peer = yield* open
        mock.faults = { never: ["createOffer"] }
        expect(yield* Effect.flip(peer.createOffer())).toMatchObject(refused("createOffer", { _tag: "Timeout", limitMs: 200 }))
      })))

  it("that is interrupted stops at the far side, and the connection goes on", () =>
    withMock(({ mock, open }) =>
      Effect.gen(function*() {
        const peer = yield* open
        mock.faults = { never: ["createOffer"] }
        const offering = yield* Effect.forkScoped(peer.createOffer(), { startImmediately: true })
        yield* Effect.sleep(20)
        yield* Fiber.interrupt(offering)
        mock.faults = {}
        expect(yield* peer.createOffer()).toMatch(/^v=0/)
      })))
})

describe("an opening that nobody waits for any more", () => {
  it("leaves no connection at the far side", () =>
    withMock(({ mock, open }) =>
      Effect.gen(function*() {
        mock.faults = { never: ["open"] }
        const opening = yield* Effect.forkScoped(Effect.scoped(open), { startImmediately: true })
        yield* Effect.sleep(20)
        yield* Fiber.interrupt(opening)
      })))
})

describe("on the wire", () => {
  it("bytes and text are what they were", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256)
    // As JSON, which is how they travel.
    const travelled = (data: string | Uint8Array) => fromWireData(JSON.parse(JSON.stringify(toWireData(data))) as ReturnType<typeof toWireData>)
    for (const data of [bytes, new Uint8Array(0), "", "grüß dich 👋", "\ud800"]) expect(travelled(data)).toEqual(data)
  })

  it("an error keeps its reason and, in words, its cause", () => {
    const reason = { _tag: "WrongState", state: "stable", expected: "have-local-offer" } as const
    const error = new WebRtcError({ engine: "mock", operation: "applyAnswer", reason, cause: new RangeError("why") })
    expect(fromWireError(toWireError(error))).toMatchObject({
      engine: "mock",
      operation: "applyAnswer",
      reason,
      message: error.message,
      cause: { name: "RangeError", message: "why" }
    })
  })
})
