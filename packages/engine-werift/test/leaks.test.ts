/** Calls that are over leave nothing behind in the process. */
import { isDeepStrictEqual } from "node:util"
import { queryObjects } from "node:v8"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { RTCPeerConnection } from "../src/werift.ts"
import { connect, openLines } from "./twoPeers.ts"

/** What is left after a full garbage collection, which counting objects brings about. */
const leftOver = Effect.gen(function*() {
  yield* Effect.sleep(50)
  const connections = queryObjects(RTCPeerConnection, { format: "count" })
  return { connections, heapMb: process.memoryUsage().heapUsed / 2 ** 20 }
})

/** Sockets and timers that are open now, counted by kind. */
const handles = () => {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind === "UDPWRAP" || kind === "TCPSocketWrap" || kind === "Timeout") counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const oneCall = (lines: Effect.Success<ReturnType<typeof openLines>>) =>
  Effect.gen(function*() {
    const { alice, bob } = yield* connect(lines)
    yield* alice.openDataChannel("chat")
    yield* alice.hangup()
    while ((yield* bob.state)._tag !== "Ended") yield* Effect.sleep(5)
  })

describe("ten calls in a row in one process", () => {
  it.live("leave no connection, no open socket or timer, and the heap as it was", () =>
    Effect.gen(function*() {
      const before = handles()
      const { after, warm } = yield* Effect.scoped(Effect.gen(function*() {
        const lines = yield* openLines()
        for (let i = 0; i < 5; i++) yield* oneCall(lines)
        const warm = yield* leftOver
        for (let i = 0; i < 10; i++) yield* oneCall(lines)
        return { warm, after: yield* leftOver }
      }))
      // The last call's two may still be held by what it left on the stack.
      expect(after.connections).toBeLessThanOrEqual(warm.connections + 2)
      expect(after.heapMb - warm.heapMb).toBeLessThan(1)
      // werift lets the last of its own timers run out.
      for (let i = 0; i < 100 && !isDeepStrictEqual(handles(), before); i++) yield* Effect.sleep(50)
      expect(handles()).toEqual(before)
    }), 30_000)
})
