/** Calls through the real server go on whatever happens to the relay, or to the way to it. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { makeSecret } from "../../src/relay/RelayClient.ts"
import type { SocketLike } from "../../src/relay/SocketLike.ts"
import { botName } from "../../src/server/bot/hostBots.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { openClient } from "../openClient.ts"
import { followCall, openLine, untilOver, untilUp } from "../openLine.ts"
import { serve } from "../serve.ts"
import { startRelayProcess } from "../startRelayProcess.ts"
import { until } from "../until.ts"

const bot = { localAddresses: { udp4: "127.0.0.1" } }
const untilIt = <A>(look: () => A, holds: (seen: A) => boolean) => Effect.promise(() => until(look, holds))
const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(effect)

describe("a call", () => {
  it("between two peers goes on while the relay is killed and started again, renegotiates then, and its hangup arrives", async () => {
    const key = makeRoom()
    const first = await startRelayProcess()
    const { port, url } = first
    await run(Effect.scoped(Effect.gen(function*() {
      const alice = yield* openLine({ url, ...key, name: "alice" })
      const bob = yield* openLine({ url, ...key, name: "bob" })
      const call = yield* alice.line.call("bob")
      const other = (yield* Stream.runCollect(Stream.take(bob.line.incoming, 1)))[0]
      if (other === undefined) throw new Error("nothing rang")
      yield* other.accept()
      yield* Effect.all([untilUp(call), untilUp(other)], { concurrency: 2 })
      const { packets } = yield* followCall(call)
      const theirs = yield* followCall(other)

      yield* Effect.promise(first.kill)
      yield* Effect.sleep(500)
      const { microphone } = packets
      yield* untilIt(() => packets.microphone, (n) => n > microphone + 20)
      // Wanted while the relay is away: offered when it is there again.
      yield* Effect.forkScoped(Effect.ignore(call.hold))
      yield* Effect.promise(() => startRelayProcess({ port }))
      yield* Effect.timeout(
        Stream.runHead(Stream.filter(alice.relay.presence, (peers) => peers.length === 1)),
        10_000
      )
      const halfSecond = async () => {
        const before = theirs.packets.microphone
        await new Promise((resolve) => setTimeout(resolve, 500))
        return theirs.packets.microphone - before
      }
      yield* Effect.promise(() => until(halfSecond, (came) => came === 0, 20_000))
      const held = theirs.packets.microphone
      yield* call.resume
      yield* untilIt(() => theirs.packets.microphone, (n) => n > held + 20)

      yield* call.hangup()
      yield* untilOver(other)
      expect(yield* other.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
    })))
  }, 60_000)

  it("to the bot outlives a connection that is away for 10 s, which nobody else in the room notices", async () => {
    const { socketUrl: url } = await serve({ bot })
    const key = makeRoom()
    const sockets: Array<SocketLike> = []
    let isAsleep = false
    const open = (url: string): SocketLike => {
      const socket = new WebSocket(isAsleep ? "ws://127.0.0.1:1" : url)
      sockets.push(socket)
      return socket
    }
    const onlooker = await openClient({ url, ...key, name: "onlooker" })
    await run(Effect.scoped(Effect.gen(function*() {
      const { line, relay } = yield* openLine({ url, ...key, name: "alice", secret: makeSecret(), open })
      yield* Stream.runHead(Stream.filter(relay.presence, (peers) => peers.length === 2))
      const call = yield* line.call(botName)
      const { packets } = yield* followCall(call)
      yield* untilUp(call)
      yield* untilIt(onlooker.present, (names) => names.length === 2)
      const lists = onlooker.lists()

      isAsleep = true
      sockets.at(-1)?.close()
      yield* Effect.sleep(10_000)
      isAsleep = false
      yield* Effect.timeout(Stream.runHead(relay.reconnected), 10_000)
      expect(onlooker.lists()).toBe(lists)
      const before = packets.microphone
      expect(before).toBeGreaterThan(100)
      yield* untilIt(() => packets.microphone, (n) => n > before + 20)
      yield* call.setMedia({ receive: { camera: false } })
      yield* Stream.runHead(Stream.filter(call.changes, (state) => state._tag === "Connected" && state.negotiation._tag === "Stable"))
      yield* call.hangup()
    })))
  }, 60_000)
})
