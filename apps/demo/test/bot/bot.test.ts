/** The bot through the real server: it answers, is heard and seen, echoes, and outlives whatever happens to the relay. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import type { SocketLike } from "../../src/relay/SocketLike.ts"
import { makeSecret } from "../../src/relay/RelayClient.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { greeting } from "../../src/server/bot/answerCall.ts"
import { botName } from "../../src/server/bot/hostBots.ts"
import { followCall, openLine, untilOver, untilUp } from "../openLine.ts"
import { serve } from "../serve.ts"
import { openClient } from "../openClient.ts"
import { until } from "../until.ts"

const bot = { localAddresses: { udp4: "127.0.0.1" } }
const untilIt = <A>(look: () => A, holds: (seen: A) => boolean, limitMs?: number) =>
  Effect.promise(() => until(look, holds, limitMs))
const figuresOf = async (base: string) =>
  (await (await fetch(`${base}/figures`)).json()) as { readonly bot: Record<string, number> }
const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(effect)

describe("the bot", () => {
  it("answers a werift peer through the relay: audio and a picture that moves come, and data comes back", async () => {
    const { base, socketUrl: url } = await serve({ bot })
    await run(Effect.scoped(Effect.gen(function*() {
      const { line, relay } = yield* openLine({ url, ...makeRoom(), name: "alice" })
      yield* Stream.runHead(Stream.filter(relay.presence, (peers) => peers.some(({ name }) => name === botName)))
      const call = yield* line.call(botName)
      const { packets } = yield* followCall(call)
      yield* untilUp(call)
      const channel = yield* call.openDataChannel("chat")
      yield* channel.send("hello")
      yield* channel.send(new Uint8Array([1, 2, 3]))
      expect(yield* Stream.runCollect(Stream.take(channel.messages, 3))).toEqual([greeting("chat"), "hello", new Uint8Array([1, 2, 3])])
      yield* untilIt(() => packets, ({ camera, microphone }) => camera > 20 && microphone > 50, 10_000)
      const { bot: during } = yield* Effect.promise(() => figuresOf(base))
      expect(during).toMatchObject({ lines: 1, calls: 1 })
      yield* call.hangup()
    })))
    await until(() => figuresOf(base), ({ bot }) => bot["calls"] === 0 && bot["answered"] === 1 && bot["lines"] === 0)
  }, 30_000)

  it("is in every room where somebody is, and in none else", async () => {
    const { base, relay, socketUrl: url } = await serve({ bot })
    const [one, two] = [makeRoom(), makeRoom()]
    const alice = await openClient({ url, ...one, name: "alice" })
    const bob = await openClient({ url, ...two, name: "bob" })
    await until(alice.present, (names) => names.join() === botName)
    await until(bob.present, (names) => names.join() === botName)
    await alice.close()
    await bob.close()
    await until(() => relay.figures, ({ connections, peers, rooms }) => rooms === 0 && peers === 0 && connections === 0)
    await until(() => figuresOf(base), ({ bot }) => bot["lines"] === 0)
  })

  it("says busy when it has all the calls that it takes, and is free again after one", async () => {
    const { base, socketUrl: url } = await serve({ bot: { ...bot, calls: 1 } })
    await run(Effect.scoped(Effect.gen(function*() {
      const key = makeRoom()
      const alice = yield* openLine({ url, ...key, name: "alice" })
      const carol = yield* openLine({ url, ...key, name: "carol" })
      yield* Stream.runHead(Stream.filter(carol.relay.presence, (peers) => peers.length === 2))
      const first = yield* alice.line.call(botName)
      yield* untilUp(first)
      const second = yield* carol.line.call(botName)
      yield* untilOver(second)
      expect(yield* second.state).toMatchObject({ _tag: "Ended", reason: "busy" })
      yield* first.hangup()
      yield* untilIt(() => 0, () => true)
      yield* Effect.promise(() => until(() => figuresOf(base), ({ bot }) => bot["calls"] === 0))
      const third = yield* carol.line.call(botName)
      yield* untilUp(third)
    })))
  }, 30_000)

  it("hangs up when a call has lasted long enough", async () => {
    const { socketUrl: url } = await serve({ bot: { ...bot, callMs: 1_500 } })
    await run(Effect.scoped(Effect.gen(function*() {
      const { line } = yield* openLine({ url, ...makeRoom(), name: "alice" })
      const call = yield* line.call(botName)
      yield* untilOver(call)
      expect(yield* call.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
    })))
  }, 30_000)
})

describe("a call", () => {
  it("between two pages goes on while the relay is killed and started again, renegotiates then, and its hangup arrives", async () => {
    const key = makeRoom()
    const first = await serve()
    const { socketUrl: url } = first
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

      yield* Effect.promise(() => first.stop())
      yield* Effect.sleep(500)
      const { microphone } = packets
      yield* untilIt(() => packets.microphone, (n) => n > microphone + 20)
      // Wanted while the relay is away: offered when it is there again.
      yield* Effect.forkScoped(Effect.ignore(call.hold))
      yield* Effect.promise(() => serve({ port: first.port }))
      yield* Effect.timeout(
        Stream.runHead(Stream.filter(alice.relay.presence, (peers) => peers.length === 1)),
        10_000
      )
      yield* Effect.sleep(2_000)
      const held = theirs.packets.microphone
      yield* Effect.sleep(500)
      expect(theirs.packets.microphone).toBeLessThanOrEqual(held + 2)
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
