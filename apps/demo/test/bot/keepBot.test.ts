/** The bot's line is opened anew whatever ends it, for as long as somebody wants it. */
import { MockEngine } from "@enigma-rtc/testing"
import { RtcEngine } from "@enigma-rtc/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import { expect, it } from "vitest"
import { type BotFigures, keepBot } from "../../src/server/bot/keepBot.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { fakeRelay, joinedFrame } from "../fakeRelay.ts"
import { until } from "../until.ts"

it("a line that is refused, before or after it has joined, is followed by another, and interrupting it leaves none", async () => {
  const refused = JSON.stringify({ type: "refused", code: "name-taken", words: "No.", again: false })
  const url = await fakeRelay((socket, nth) => {
    if (nth > 0) socket.send(joinedFrame("Bot", 60_000))
    if (nth < 2) socket.send(refused)
  })
  const figures: BotFigures = { lines: 0, calls: 0, answered: 0, busy: 0, failed: 0, restarts: 0 }
  await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
    const engine = Context.get(yield* Layer.build(MockEngine.make().layer), RtcEngine)
    const room = yield* Semaphore.make(1)
    const world = { name: "Bot", connect: () => new WebSocket(url), engine, room, callsPerRoom: 1, callMs: 1_000, figures, againMs: 50 }
    const bot = yield* Effect.forkScoped(keepBot(world, makeRoom()))
    yield* Effect.promise(() => until(() => figures, ({ lines, restarts }) => lines === 1 && restarts === 2))
    yield* Fiber.interrupt(bot)
    expect(figures).toMatchObject({ lines: 0, restarts: 2 })
  })))
})
