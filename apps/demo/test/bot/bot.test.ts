/** The bot through the real server: it answers, is heard and seen, and echoes, within its limits. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
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
  it("answers a werift peer through the relay: audio and video come, and data comes back", async () => {
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
      yield* untilIt(() => packets, ({ camera, microphone }) => camera > 20 && microphone > 50)
      const { bot: during } = yield* Effect.promise(() => figuresOf(base))
      expect(during).toMatchObject({ lines: 1, calls: 1 })
      yield* call.hangup()
    })))
    await until(() => figuresOf(base), ({ bot }) => bot["calls"] === 0 && bot["answered"] === 1 && bot["lines"] === 0)
  })

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
      yield* Effect.promise(() => until(() => figuresOf(base), ({ bot }) => bot["calls"] === 0))
      const third = yield* carol.line.call(botName)
      yield* untilUp(third)
    })))
  })

  it("hangs up when a call has lasted long enough", async () => {
    const { socketUrl: url } = await serve({ bot: { ...bot, callMs: 1_500 } })
    await run(Effect.scoped(Effect.gen(function*() {
      const { line } = yield* openLine({ url, ...makeRoom(), name: "alice" })
      const call = yield* line.call(botName)
      yield* untilOver(call)
      expect(yield* call.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
    })))
  })
})
