/** STUN and TURN servers that do not answer hold nothing up, and leave nothing behind. */
import { createSocket } from "node:dgram"
import { makeConfig } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { audio, openPair, untilUp } from "./pair.ts"
import { until } from "./until.ts"

/** A socket that takes every question and answers none. */
const silentServer = Effect.acquireRelease(
  Effect.promise(() =>
    new Promise<ReturnType<typeof createSocket>>((resolve) => {
      const socket = createSocket("udp4")
      socket.bind(0, "127.0.0.1", () => resolve(socket))
    })
  ),
  (socket) => Effect.sync(() => socket.close())
)
const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "UDPWrap" || kind === "TCPSocketWrap").length

describe("a server that does not answer", () => {
  for (const [kind, account] of [["stun", {}], ["turn", { username: "u", credential: "c" }]] as const) {
    it.live(`${kind}: descriptions are made at once, media comes up, and a close leaves no socket in the end`, () =>
      Effect.gen(function*() {
        const server = yield* silentServer
        const before = sockets()
        const config = Result.getOrThrow(makeConfig({ iceServers: [{ urls: `${kind}:127.0.0.1:${server.address().port}`, ...account }] }))
        const { a, b, round } = yield* openPair({ left: audio, right: audio, config })
        const startMs = performance.now()
        yield* round(a, b)
        expect(performance.now() - startMs).toBeLessThan(1_000)
        yield* untilUp(a, b)
        const upMs = performance.now() - startMs
        console.log(`${kind}: up after ${Math.round(upMs)} ms`)
        expect(upMs).toBeLessThan(1_500)
        yield* Effect.all([a.close, b.close], { concurrency: 2 })
        const closedMs = yield* until("the sockets to be closed", () => sockets() <= before, 20_000)
        console.log(`${kind}: sockets closed after ${Math.round(closedMs)} ms`)
        // An allocation that is under way cannot be called off: its questions are repeated for 6 s.
        expect(closedMs).toBeLessThan(kind === "turn" ? 8_000 : 2_500)
      }).pipe(Effect.scoped), 40_000)
  }
})
