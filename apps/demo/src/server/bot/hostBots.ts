/** A bot in every room where somebody is: Node peers over werift that answer, play a tone and a moving picture, and echo. For the server. */
import type { WebRtcError } from "@enigma-rtc/core"
import type { SfuSignaling } from "@enigma-rtc/engine-sfu"
import { picture, tone, WeriftEngine, type WeriftOptions } from "@enigma-rtc/engine-werift"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { connectInside } from "../relay/connectInside.ts"
import type { Relay } from "../relay/Relay.ts"
import { type BotFigures, keepBot } from "./keepBot.ts"
import { joinSfu } from "./joinSfu.ts"

/** The bot's name in every room. */
export const botName = "Bot"

export interface BotOptions extends Pick<WeriftOptions, "localAddresses" | "portRange"> {
  /** How many rooms have a bot at once: 64. */
  readonly rooms?: number
  /** How many calls all of them take at once: 16. */
  readonly calls?: number
  /** How many of those in one room: 8. */
  readonly callsPerRoom?: number
  /** How long one may last: half an hour. */
  readonly callMs?: number
}

/** Bots until the scope closes; the engine, with its tone and picture, is one for all. `connectSfu`: to an SFU, where there is one. */
export const hostBots = (
  relay: Relay,
  options: BotOptions = {},
  connectSfu?: (name: string) => Effect.Effect<SfuSignaling, never, Scope.Scope>
): Effect.Effect<BotFigures, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { calls = 16, callMs = 30 * 60_000, callsPerRoom = 8, rooms = 64, ...network } = options
    const media = { microphone: tone(), camera: picture() }
    const engine = yield* WeriftEngine.make({ ...network, media })
    const figures: BotFigures = { lines: 0, calls: 0, answered: 0, busy: 0, failed: 0, restarts: 0 }
    const world = {
      name: botName,
      connect: () => connectInside(relay),
      engine,
      ...(connectSfu === undefined ? {} : { joinSfu: joinSfu(connectSfu, { ...network, media }) }),
      room: yield* Semaphore.make(calls),
      callsPerRoom,
      callMs,
      againMs: 3_000,
      figures
    }
    const fibers = yield* FiberSet.make<never>()
    const fork = yield* FiberSet.runtime(fibers)<never>()
    relay.onRoom((key) => {
      if (Effect.runSync(FiberSet.size(fibers)) >= rooms) return () => {}
      const bot = fork(keepBot(world, key))
      return () => bot.interruptUnsafe()
    })
    return figures
  })
