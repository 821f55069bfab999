/** Calls that are over leave nothing behind in the process. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { isDeepStrictEqual, promisify } from "node:util"
import { queryObjects } from "node:v8"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { RTCPeerConnection } from "../src/werift.ts"
import { seeded } from "./media/seeded.ts"
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
    if (kind === "UDPWrap" || kind === "TCPSocketWrap" || kind === "Timeout") counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const oneCall = (lines: Effect.Success<ReturnType<typeof openLines>>) =>
  Effect.gen(function*() {
    const { alice, bob } = yield* connect(lines)
    expect(handles()["UDPWrap"]).toBeGreaterThanOrEqual(2)
    yield* alice.openDataChannel("chat")
    yield* alice.hangup()
    while ((yield* bob.state)._tag !== "Ended") yield* Effect.sleep(5)
  })

/** How long the sockets and timers of the last call may outlive it. */
const lingerMs = 2_000

const untilHandlesAre = (before: Record<string, number>) =>
  Effect.gen(function*() {
    for (let waitedMs = 0; waitedMs < lingerMs && !isDeepStrictEqual(handles(), before); waitedMs += 50) yield* Effect.sleep(50)
    expect(handles()).toEqual(before)
  })

describe("ten calls in a row in one process", () => {
  it.live("leave no connection, no open socket or timer, and the heap as it was", () =>
    Effect.gen(function*() {
      const before = handles()
      const { after, warm } = yield* Effect.scoped(Effect.gen(function*() {
        const lines = yield* openLines()
        // Until what is compiled and kept for good is there.
        for (let i = 0; i < 15; i++) yield* oneCall(lines)
        const warm = yield* leftOver
        for (let i = 0; i < 10; i++) yield* oneCall(lines)
        return { warm, after: yield* leftOver }
      }))
      // The last call's two may still be held by what it left on the stack.
      expect(after.connections).toBeLessThanOrEqual(warm.connections + 2)
      expect(after.heapMb - warm.heapMb).toBeLessThan(1)
      // werift lets the last of its own timers run out.
      yield* untilHandlesAre(before)
    }), 30_000)
})

describe("calls that are hung up while they connect", () => {
  // ICE takes the first 20 ms, and the DTLS handshake begins about 100 ms later.
  const random = seeded("hung up while connecting")
  const moments = [...Array.from({ length: 10 }, () => random.below(25)), ...Array.from({ length: 30 }, () => random.below(200))]
  it("leave no socket or timer that keeps their process from its end", async () => {
    const script = fileURLToPath(new URL("hangUpWhileConnecting.ts", import.meta.url))
    const { stderr, stdout } = await promisify(execFile)(process.execPath, [script, ...moments.map(String)], { timeout: 50_000 })
    const { exitedAfterMs, sockets } = JSON.parse(stdout) as { exitedAfterMs: number; sockets: number }
    expect(stderr).toBe("")
    expect(sockets).toBeGreaterThanOrEqual(2)
    expect(exitedAfterMs).toBeLessThan(lingerMs)
  }, 60_000)
})
