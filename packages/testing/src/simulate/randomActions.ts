/** Users who do anything at any time, as one seed decides. For `scenarios`. */
import type { LineCall } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { SeededRandom } from "../link/SeededRandom.ts"
import type { Stage, StageEnd } from "./Stage.ts"
import { relayEngine } from "./unreliableEngine.ts"

/** Within this time all is done. */
const withinMs = 20_000
const longestCutMs = 10_000
const longestCrashMs = 5_000

/** An action at the last moment may be the longest cut. */
export const longestPlayMs = withinMs + longestCutMs

interface Action {
  readonly what: string
  readonly does: (stage: Stage, end: StageEnd, random: SeededRandom) => Effect.Effect<void>
}

const ofUser = (what: string, does: (call: LineCall, random: SeededRandom) => Effect.Effect<unknown, unknown>): Action => ({
  what,
  does: (stage, end, random) =>
    Effect.sync(() => {
      const call = end.live()
      // Only a connected or ringing call has buttons; without one the user finds none to press.
      if (call !== undefined) stage.act(end, what, does(call, random), false)
    })
})
const calls: Action = {
  what: "calls",
  does: (stage, end) => Effect.sync(() => end.live() === undefined && stage.act(end, "calls", end.call, false))
}

const actions: ReadonlyArray<Action> = [
  calls,
  calls,
  ofUser("accepts", (call) => call.accept()),
  ofUser("declines", (call) => call.decline()),
  ofUser("hangs up", (call) => call.hangup()),
  ofUser("mutes", (call) => call.setMicrophoneEnabled(false)),
  ofUser("unmutes", (call) => call.setMicrophoneEnabled(true)),
  ofUser("camera on", (call) => call.setMedia({ send: { camera: "on" }, receive: { camera: true } })),
  ofUser("camera off", (call) => call.setMedia({ send: { camera: "off" } })),
  ofUser("screen on", (call) => call.setMedia({ send: { screen: "on" }, receive: { screen: true } })),
  ofUser("screen off", (call) => call.setMedia({ send: { screen: "off" } })),
  ofUser("holds", (call) => call.hold),
  ofUser("resumes", (call) => call.resume),
  ofUser("restarts ICE", (call) => call.restartIce),
  ofUser("switches engines", (call, random) => call.switchEngine(random.pick(["mock", relayEngine]))),
  {
    what: "the network is cut",
    does: ({ network, note }, _, random) =>
      Effect.gen(function*() {
        network.cut()
        yield* Effect.sleep(random.int(0, longestCutMs))
        network.mend()
        note("network", "mended")
      })
  },
  { what: "the engine's next operation fails", does: (_, end) => Effect.sync(() => end.breakEngine("fail")) },
  { what: "the engine's next operation never settles", does: (_, end) => Effect.sync(() => end.breakEngine("never")) },
  { what: "the channel goes down", does: (stage, end, random) => Effect.sync(() => stage.crash(end, random.int(0, longestCrashMs))) }
]

/** The first action is a call: without one, most of the others have nothing to act on. */
export const randomActions = (stage: Stage): Effect.Effect<void> => {
  const { chancesOf, happens } = stage.decisions
  const run = (i: number) => {
    const random = chancesOf(`action ${i}`)
    const atMs = i === 0 ? random.int(0, 300) : random.int(0, withinMs)
    const end = random.pick([stage.ann, stage.bob])
    const action = i === 0 ? calls : random.pick(actions)
    return Effect.gen(function*() {
      yield* Effect.sleep(atMs)
      if (!happens({ id: `action ${i}`, atMs, who: end.name, what: action.what })) return
      stage.note(end.name, `(${action.what})`)
      yield* action.does(stage, end, random)
    })
  }
  const count = chancesOf("actions").int(3, 8)
  return Effect.all(Array.from({ length: count }, (_, i) => run(i)), { concurrency: "unbounded", discard: true })
}
