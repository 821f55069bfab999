/** The SFU's engine before it is there: joined at the first need, once, again after a failure, and left with its scope. */
import type { RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
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

it("has everybody who waits for a server that does not answer wait once", async () => {
  let attempts = 0
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const late = yield* lateSfu(Effect.suspend(() => {
      attempts++
      return Effect.never
    }))
    const waiting = yield* Effect.forkChild(Effect.all(Array.from({ length: 4 }, () => Effect.flip(late.prepare)), { concurrency: 4 }), { startImmediately: true })
    yield* TestClock.adjust(5_000)
    expect(waiting.pollUnsafe()?._tag).toBe("Success")
    expect(attempts).toBe(1)
  })).pipe(Effect.provide(TestClock.layer())))
})

it("goes on joining for the others when the first who needed it waits no longer", async () => {
  let attempts = 0
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const late = yield* lateSfu(Effect.suspend(() => {
      attempts++
      return Effect.as(Effect.sleep(1_000), engine)
    }))
    const first = yield* Effect.forkChild(late.prepare, { startImmediately: true })
    const second = yield* Effect.forkChild(late.prepare, { startImmediately: true })
    yield* TestClock.adjust(500)
    yield* Fiber.interrupt(first)
    yield* TestClock.adjust(500)
    expect(second.pollUnsafe()?._tag).toBe("Success")
    expect(attempts).toBe(1)
  })).pipe(Effect.provide(TestClock.layer())))
})

it("leaves its room after what was opened over it: calls say their ends while they have media", async () => {
  const told: Array<string> = []
  const closing = (what: string) => Effect.addFinalizer(() => Effect.sync(() => told.push(what)))
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const late = yield* lateSfu(Effect.as(closing("the room"), engine))
    yield* closing("the line")
    yield* late.prepare
  })))
  expect(told).toEqual(["the line", "the room"])
})

it("fails, and leaves nobody waiting, when its scope closes, and after that", async () => {
  const scope = Scope.makeUnsafe()
  const late = await Effect.runPromise(Scope.provide(lateSfu(Effect.never), scope))
  const closed = { _tag: "WebRtcError", reason: { _tag: "Closed" } }
  const waiting = Effect.runPromise(Effect.flip(late.prepare))
  await Effect.runPromise(Scope.close(scope, Exit.void))
  expect(await waiting).toMatchObject(closed)
  expect(await Effect.runPromise(Effect.flip(late.prepare))).toMatchObject(closed)
})
