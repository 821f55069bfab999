import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeConfig } from "../../src/RtcConfig.ts"
import { makeLineCalls } from "../../src/session/LineCalls.ts"

/** Calls of which none is opened, so that nothing is needed. */
const subject = Effect.gen(function*() {
  const config = yield* Effect.fromResult(makeConfig({}))
  const never = () => Effect.die("nothing is opened")
  const scope = yield* Effect.scope
  return makeLineCalls({ config, from: "phone.1", scope, fork: () => {}, sendTo: () => never, switchEngine: never, onEnded: () => {} })
})

describe("calls that have ended are remembered (SIG-12)", () => {
  it.effect("for their own peer, however peers and calls are named", () =>
    Effect.gen(function*() {
      const calls = yield* subject
      calls.remember("bob", "c1")
      calls.remember("a\",\"b", "c")
      expect(calls.hasEnded("bob", "c1")).toBe(true)
      for (const [peer, callId] of [["eve", "c1"], ["bob", "c2"], ["a", "b\",\"c"], ["__proto__", "c1"]] as const) {
        expect(calls.hasEnded(peer, callId), peer).toBe(false)
      }
    }))
  it.effect("64 of a peer: the oldest is forgotten first, and no other peer's", () =>
    Effect.gen(function*() {
      const calls = yield* subject
      calls.remember("bob", "b0")
      for (let n = 0; n < 64; n++) calls.remember("eve", `c${n}`)
      expect(calls.hasEnded("eve", "c0")).toBe(true)
      // One that is there already pushes none out.
      calls.remember("eve", "c63")
      expect(calls.hasEnded("eve", "c0")).toBe(true)
      calls.remember("eve", "c64")
      expect([0, 1, 64].map((n) => calls.hasEnded("eve", `c${n}`))).toEqual([false, true, true])
      expect(calls.hasEnded("bob", "b0")).toBe(true)
    }))
  it.effect("of 64 peers: the one whose last call ended first is forgotten first", () =>
    Effect.gen(function*() {
      const calls = yield* subject
      for (let n = 0; n < 64; n++) calls.remember(`peer${n}`, "c1")
      calls.remember("peer0", "c2")
      expect(calls.hasEnded("peer1", "c1")).toBe(true)
      calls.remember("peer64", "c1")
      expect([0, 1, 2, 64].map((n) => calls.hasEnded(`peer${n}`, "c1"))).toEqual([true, false, true, true])
    }))
})
