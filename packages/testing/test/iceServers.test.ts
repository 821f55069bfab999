/** TURN credentials run out: an app may give its servers when they are needed. */
import type { IceServersInput, OfferOptions, RtcEngine } from "@enigma-rtc/core"
import { CallLine, RtcEngine as Engine } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { memoryRelay, MockEngine, mockNetwork } from "../src/index.ts"
import { settle } from "./settle.ts"

const turn = (password: string) => ({ urls: "turn:turn.example.org", username: "ann", credential: password })

/** A caller whose servers are asked for, and what its engine was given. */
const openCaller = (ask: () => IceServersInput | Promise<IceServersInput>) =>
  Effect.gen(function*() {
    const relay = memoryRelay()
    const network = mockNetwork()
    const mock = MockEngine.make({ network })
    const offers: Array<OfferOptions> = []
    const engine: RtcEngine["Service"] = {
      ...mock.engine,
      open: (config, intent) =>
        Effect.map(mock.engine.open(config, intent), (peer) => ({
          ...peer,
          createOffer: (options = {}) => Effect.suspend(() => {
            offers.push(options)
            return peer.createOffer(options)
          })
        }))
    }
    const config = { iceServers: ask, operationTimeoutMs: 1_000 }
    const alice = yield* Effect.provideService(CallLine.make({ device: "a", channel: yield* relay.join("alice"), config }), Engine, engine)
    const other = MockEngine.make({ network })
    const bob = yield* Effect.provideService(CallLine.make({ device: "b", channel: yield* relay.join("bob") }), Engine, other.engine)
    yield* Effect.forkScoped(Stream.runForEach(bob.incoming, (call) => Effect.ignore(call.accept())))
    const call = yield* alice.call("bob")
    yield* settle
    return { call, mock, offers }
  })

describe("ICE servers that are asked for", () => {
  it.effect("are of now when the connection is opened, and when ICE restarts", () =>
    Effect.gen(function*() {
      let asked = 0
      const { call, mock, offers } = yield* openCaller(async () => [turn(`password ${++asked}`)])
      expect(mock.peer.config.iceServers).toEqual([{ ...turn("password 1"), urls: ["turn:turn.example.org"] }])
      yield* call.restartIce
      yield* settle
      expect(offers.map(({ iceServers }) => iceServers?.[0]?.credential)).toEqual([undefined, "password 2"])
      yield* call.hold
      yield* settle
      expect(asked).toBe(2)
    }).pipe(Effect.scoped))

  const failures = [
    ["throws", () => { throw new Error("no account") }, { reason: "Refused" }],
    ["rejects", () => Promise.reject(new Error("no account")), { reason: "Refused" }],
    ["gives what are no servers", () => ["gopher:x"], { reason: "InvalidConfig" }],
    ["never settles", () => new Promise<never>(() => {}), { reason: "Timeout" }]
  ] as const
  for (const [how, ask, failure] of failures) {
    it.effect(`end the call with a typed error when asking ${how}`, () =>
      Effect.gen(function*() {
        const { call } = yield* openCaller(ask)
        yield* TestClock.adjust(600)
        yield* settle
        expect(yield* call.state).toMatchObject({ _tag: "Ended", reason: "engine_error", failure: { operation: expect.any(String) as unknown, ...failure } })
      }).pipe(Effect.scoped))

    it.effect(`do not keep a restart when asking ${how}: it goes on with those of before`, () =>
      Effect.gen(function*() {
        let isFirst = true
        const { call, offers } = yield* openCaller(() => {
          if (!isFirst) return ask()
          isFirst = false
          return [turn("first")]
        })
        yield* call.restartIce
        yield* TestClock.adjust(600)
        yield* settle
        expect(offers).toEqual([{ iceRestart: false }, { iceRestart: true }])
        expect(yield* call.state).toMatchObject({ _tag: "Connected", negotiation: { _tag: "Stable" } })
      }).pipe(Effect.scoped))
  }
})
