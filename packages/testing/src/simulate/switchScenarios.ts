/** Calls that move from one engine to another, and back: columns of the table. For `simulate`. */
import type { LineCall } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { connected, reliable } from "./scenarios.ts"
import type { Scenario, Stage, StageEnd } from "./Stage.ts"
import { relayEngine } from "./unreliableEngine.ts"

/** What else an end's user does while the call moves. */
const beside = ["nothing", "mutes", "holds", "camera on", "restarts ICE"] as const

const act = (stage: Stage, end: StageEnd, what: string, must: boolean, does: (call: LineCall) => Effect.Effect<unknown, unknown>) => {
  const call = end.live()
  if (call !== undefined) stage.act(end, what, does(call), must)
}
const meddle = (stage: Stage, end: StageEnd): Effect.Effect<void> =>
  Effect.gen(function*() {
    const what = stage.decisions.chancesOf(`what ${end.name} does beside`).pick(beside)
    yield* stage.pause(`${end.name} waits before it ${what}`, 0, 150)
    switch (what) {
      case "nothing":
        return
      case "mutes":
        return act(stage, end, what, true, (call) => call.setMicrophoneEnabled(false))
      case "holds":
        return act(stage, end, what, true, (call) => call.hold)
      case "camera on":
        return act(stage, end, what, true, (call) => call.setMedia({ send: { camera: "on" }, receive: { camera: true } }))
      case "restarts ICE":
        return act(stage, end, what, true, (call) => call.restartIce)
    }
  })

/** One end moves the call, while either changes its media or restarts ICE. */
const oneSwitches: Scenario = {
  ...reliable,
  name: "one side switches engines",
  play: (stage) =>
    Effect.gen(function*() {
      yield* connected(stage)
      act(stage, stage.ann, "switches", true, (call) => call.switchEngine(relayEngine))
      yield* Effect.all([meddle(stage, stage.ann), meddle(stage, stage.bob)], { concurrency: "unbounded" })
    })
}

/** Both ends move the call within 200 ms, to the same engine or to different ones; one of two moves may be refused. */
const bothSwitch: Scenario = {
  ...reliable,
  name: "both sides switch engines",
  play: (stage) =>
    Effect.gen(function*() {
      yield* connected(stage)
      yield* Effect.forEach([stage.ann, stage.bob], (end) =>
        Effect.gen(function*() {
          const engine = stage.decisions.chancesOf(`engine that ${end.name} wants`).pick(["mock", relayEngine])
          yield* stage.pause(`${end.name} waits before the switch`, 0, 200)
          act(stage, end, `switches to ${engine}`, false, (call) => call.switchEngine(engine))
        }), { concurrency: "unbounded" })
    })
}

/** The call moves there and back, each time by one of the two, and maybe while the network is cut. */
const thereAndBack: Scenario = {
  ...reliable,
  name: "switches there and back",
  play: (stage) =>
    Effect.gen(function*() {
      yield* connected(stage)
      const chance = stage.decisions.chancesOf("there and back")
      const [there, back] = [chance.pick([stage.ann, stage.bob]), chance.pick([stage.ann, stage.bob])]
      const isOn = (engine: string) => () =>
        [stage.ann, stage.bob].every((end) => {
          const call = end.live()
          return call !== undefined && Effect.runSync(call.engine) === engine
        })
      if (chance.chance(1 / 3)) {
        stage.network.cut()
        stage.note("network", "cut")
        yield* stage.pause("the network is cut", 500, 5_000)
        act(stage, there, "switches", true, (call) => call.switchEngine(relayEngine))
        yield* stage.pause("the network is cut still", 0, 5_000)
        stage.network.mend()
        stage.note("network", "mended")
      } else act(stage, there, "switches", true, (call) => call.switchEngine(relayEngine))
      yield* stage.until(isOn(relayEngine))
      yield* stage.pause("the call stays there", 0, 3_000)
      act(stage, back, "switches back", true, (call) => call.switchEngine("mock"))
      yield* stage.until(isOn("mock"))
    })
}

/** How calls move. */
export const switchScenarios: ReadonlyArray<Scenario> = [oneSwitches, bothSwitch, thereAndBack]
