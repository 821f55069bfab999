/** The SFU's engine before it is there: joined at the first need, once, again after a failure, and left with its scope. */
import type { RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { expect, it } from "vitest"
import { lateSfu, sfuCapabilities, sfuError } from "../../src/sfu/lateSfu.ts"

const engine: RtcEngine["Service"] = { name: "sfu", capabilities: sfuCapabilities, open: () => Effect.never }

it("joins once for all who need it, again after it has failed, and leaves with its scope", async () => {
  const told: Array<string> = []
  let isAway = true
  const join = Effect.gen(function*() {
    yield* Effect.acquireRelease(Effect.sync(() => told.push("begins")), () => Effect.sync(() => told.push("ends")))
    yield* Effect.sleep(10)
    return isAway ? yield* Effect.fail(sfuError({ _tag: "Refused" })) : engine
  })
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const late = yield* lateSfu(join)
    expect(told).toEqual([])
    expect(yield* Effect.flip(late.prepare)).toMatchObject({ _tag: "WebRtcError", engine: "sfu" })
    expect(told).toEqual(["begins", "ends"])
    isAway = false
    yield* Effect.all([late.prepare, late.prepare], { concurrency: 2 })
    expect(told).toEqual(["begins", "ends", "begins"])
  })))
  expect(told).toEqual(["begins", "ends", "begins", "ends"])
})

it("does not wait for a server that does not answer, and takes only offers of its kind", async () => {
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const late = yield* lateSfu(Effect.never)
    const waiting = yield* Effect.forkChild(Effect.flip(late.prepare), { startImmediately: true })
    yield* TestClock.adjust(5_000)
    expect(yield* Fiber.join(waiting)).toMatchObject({ reason: { _tag: "Timeout", limitMs: 5_000 } })
    expect(late.engine.takes?.("v=0\r\na=x-enigma-engine:sfu 1 room=x\r\n")).toBe(true)
    expect(late.engine.takes?.("v=0\r\n")).toBe(false)
  })).pipe(Effect.provide(TestClock.layer())))
})
