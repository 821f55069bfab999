/** Calls that are to move to a room of an SFU that is down, or leave one: they stay where they are heard. */
import { InvalidState, type LineCall, WebRtcError } from "@enigma-rtc/core"
import { SfuRefused, type SfuSignaling, SfuUnreachable } from "@enigma-rtc/engine-sfu/node"
import { memoryRelay } from "@enigma-rtc/testing"
import { udpPath } from "@enigma-rtc/testing/node"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expect, it } from "vitest"
import { listen, until, untilUp } from "../src/calls.ts"
import { overPath } from "../src/overPath.ts"
import { over } from "../src/rig.ts"
import { inWords, mostMissed, movableCall, type MovableCall, openPlace, p2p, type Place, sfu } from "../src/moves.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

/** What lies under an error, itself first. */
const causes = (error: unknown): ReadonlyArray<unknown> =>
  error instanceof Error && error.cause !== undefined ? [error, ...causes(error.cause)] : [error]

/** A move that fails, with what it is told; the call is where it was, and was heard all the time. */
const failsToMove = (call: MovableCall, mover: LineCall, what: string) =>
  Effect.gen(function*() {
    const { gaps, result } = yield* call.gapsOf(Effect.flip(Effect.timeout(mover.switchEngine(sfu), 30_000)))
    console.log(`${what}: failed after ${inWords(gaps)}: ${causes(result).map(String).join(" <- ")}`)
    expect(gaps.missed).toBeLessThan(mostMissed)
    for (const end of [call.alice, call.bob]) {
      expect(yield* end.engine).toBe(p2p)
      expect(yield* end.state).toMatchObject({ _tag: "Connected", media: { _tag: "Up" } })
    }
    expect(call.ends.map(({ tracks }) => tracks.length)).toEqual([1, 1])
    return result
  })

/** It is tried again until the room is there. */
const movesAtLast = (call: LineCall) =>
  Effect.gen(function*() {
    yield* until("it moves", Effect.map(Effect.exit(call.switchEngine(sfu)), ({ _tag }) => _tag === "Success"), 30_000)
    expect(yield* call.engine).toBe(sfu)
  })

const killWorkers = (place: Place) =>
  Effect.gen(function*() {
    const server = place.server()
    if (server === undefined) return
    const { workers } = yield* server.figures
    for (const { pid } of workers) if (pid !== undefined) process.kill(pid, "SIGKILL")
  })

it("a call whose SFU is down stays P2P, is told so, and moves when it is back", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const call = yield* movableCall(place, memoryRelay())
  yield* place.close
  yield* Effect.sleep(100)
  const error = yield* failsToMove(call, call.alice, "down, by the caller")
  expect(error).toMatchObject({ _tag: "WebRtcError", engine: "sfu" })
  expect(causes(error).at(-1)).toBeInstanceOf(SfuUnreachable)
  yield* failsToMove(call, call.bob, "down, by the callee")
  yield* place.open()
  yield* movesAtLast(call.alice)
  yield* call.flows()
})), 120_000)

it("a call whose SFU lost its worker moves when the room is on another", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const call = yield* movableCall(place, memoryRelay())
  yield* killWorkers(place)
  const { gaps } = yield* call.gapsOf(movesAtLast(call.bob))
  console.log(`worker killed: moved after ${inWords(gaps)}`)
  yield* call.flows()
})), 90_000)

it("a call whose room lets this end in no more stays P2P, and is told the server's reason", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const call = yield* movableCall(place, memoryRelay())
  yield* place.close
  yield* place.open({ authorise: ({ token }) => (token === "bob" ? Effect.succeed({ peer: token }) : Effect.fail({ code: "unauthorised" })) })
  yield* Effect.sleep(1_500)
  const error = yield* failsToMove(call, call.alice, "refused")
  expect(error).toBeInstanceOf(WebRtcError)
  expect(causes(error).at(-1)).toBeInstanceOf(SfuRefused)
  // Its far end is in the room, and cannot move the call there either.
  const there = yield* failsToMove(call, call.bob, "refused at the other end")
  expect(there instanceof WebRtcError || there instanceof InvalidState).toBe(true)
})), 90_000)

it("a call whose end was removed from the room stays P2P", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const call = yield* movableCall(place, memoryRelay())
  yield* place.server()?.removePeer("calls", "alice") ?? Effect.void
  yield* Effect.sleep(200)
  expect(yield* failsToMove(call, call.alice, "removed")).toMatchObject({ _tag: "WebRtcError", engine: "sfu", reason: { _tag: "Closed" } })
})), 60_000)

it("a call whose SFU refuses a request of the move, or does not answer it, stays P2P, and moves later", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  let trouble: "refuses" | "hangs" | undefined
  const troubled = (signaling: SfuSignaling): SfuSignaling => ({
    ...signaling,
    request: (method, request) => {
      if (trouble === undefined || method !== "createTransport") return signaling.request(method, request)
      return trouble === "hangs" ? Effect.never : Effect.fail(new SfuRefused({ method, refusal: { code: "tooMany", what: "transports", limit: 2 } }))
    }
  })
  const call = yield* movableCall(place, { ...memoryRelay(), alices: troubled })
  trouble = "refuses"
  const refusal = yield* failsToMove(call, call.alice, "createTransport refused")
  expect(causes(refusal).at(-1)).toMatchObject({ _tag: "SfuRefused", refusal: { code: "tooMany" } })
  yield* failsToMove(call, call.bob, "createTransport refused at the other end")
  trouble = "hangs"
  const silence = yield* failsToMove(call, call.alice, "createTransport unanswered")
  expect(silence).toMatchObject({ _tag: "WebRtcError", engine: "sfu" })
  trouble = undefined
  yield* movesAtLast(call.alice)
  yield* call.flows()
})), 120_000)

it("a call to which the SFU answers, while no media get there, stays P2P", scoped(Effect.gen(function*() {
  const path = yield* udpPath()
  yield* path.cut
  const alices = (signaling: SfuSignaling) => overPath(signaling, over(path))
  const call = yield* movableCall(yield* openPlace, { ...memoryRelay(), alices, config: { connectTimeoutMs: 4_000 } })
  const error = yield* failsToMove(call, call.alice, "no media")
  expect(error instanceof WebRtcError || error instanceof InvalidState).toBe(true)
  yield* call.flows()
})), 60_000)

it("a call that is on an SFU which dies moves back to P2P when its app says so", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const call = yield* movableCall(place, memoryRelay())
  yield* call.alice.switchEngine(sfu)
  yield* call.flows()
  const here = yield* listen(call.alice)
  yield* place.close
  yield* until("the interruption is told", Effect.sync(() => here.saw("ConnectionInterrupted") > 0), 20_000)
  const sinceMs = performance.now()
  yield* Effect.timeout(call.alice.switchEngine(p2p), 30_000)
  console.log(`SFU died: moved back in ${Math.round(performance.now() - sinceMs)} ms`)
  for (const end of [call.alice, call.bob]) yield* untilUp(end)
  yield* call.flows()
  expect(here.saw("ConnectionRestored")).toBe(1)
  // And there again when it is back.
  yield* place.open()
  yield* movesAtLast(call.bob)
  yield* call.flows()
})), 90_000)

it("a call that is on an SFU which dies for good ends within its reconnect time, with the reason", scoped(Effect.gen(function*() {
  const place = yield* openPlace
  const call = yield* movableCall(place, { ...memoryRelay(), config: { reconnectTimeoutMs: 5_000 } })
  yield* call.alice.switchEngine(sfu)
  yield* place.close
  const ended = (end: LineCall) => Effect.map(end.state, ({ _tag }) => _tag === "Ended")
  for (const end of [call.alice, call.bob]) yield* until("the call is over", ended(end), 30_000)
  const ends = yield* Effect.all([call.alice.state, call.bob.state])
  for (const end of ends) expect(end).toMatchObject({ _tag: "Ended", reason: "ice_failed" })
})), 60_000)
