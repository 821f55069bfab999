/** What the users of two lines do, from one call to anything at all: columns of the table. For `simulate`. */
import type { MediaChange, Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { longestPlayMs, randomActions } from "./randomActions.ts"
import type { Reply, Scenario, Stage, StageEnd } from "./Stage.ts"

/** Users who accept, with engines that do what they should. */
export const reliable = {
  bob: "a line",
  expects: "connected",
  reply: (): Reply => "accepts",
  engineFailure: 0,
  engineHang: 0,
  playsForMs: 0
} as const

const both = (stage: Stage, does: (end: StageEnd) => Effect.Effect<void>) =>
  Effect.all([does(stage.ann), does(stage.bob)], { concurrency: "unbounded", discard: true })

/** One calls, the other accepts; then what is measured begins. */
export const connected = (stage: Stage) =>
  Effect.gen(function*() {
    stage.act(stage.ann, "calls", stage.ann.call, true)
    yield* stage.until(() => stage.ann.isConnected() && stage.bob.isConnected())
    stage.beginMeasure()
  })

/** Does something in the call that is on; without one there is nothing to be done, and the end tells. */
const inCall = (stage: Stage, end: StageEnd, what: string, does: (call: NonNullable<ReturnType<StageEnd["live"]>>) => Effect.Effect<unknown, unknown>) => {
  const call = end.live()
  if (call !== undefined) stage.act(end, what, does(call), true)
}

/** To send a camera or a screen, and to take whichever comes. */
const show = (slot: Slot): MediaChange => ({ send: { [slot]: "on" }, receive: { camera: true, screen: true } })

/** One end calls, the other accepts after a while. */
const oneCalls: Scenario = {
  ...reliable,
  name: "one side calls",
  play: (stage) => Effect.sync(() => stage.act(stage.ann, "calls", stage.ann.call, true))
}

/** Both ends call each other within 300 ms; in half of the seeds within 30, where they are sure to collide. */
const bothCall: Scenario = {
  ...reliable,
  name: "both call at once",
  play: (stage) => callAtOnce(stage)
}
export const callAtOnce = (stage: Stage): Effect.Effect<void> =>
  both(stage, (end) =>
    Effect.andThen(
      stage.pause(`${end.name} waits before calling`, 0, stage.decisions.chancesOf("both").chance(1 / 2) ? 30 : 300),
      // Who sees the other's call in time takes that one.
      Effect.sync(() => end.isFree() && stage.act(end, "calls", end.call, true))
    ))

/** In a call, both ends turn on a camera or a screen within 200 ms. */
const bothRenegotiate: Scenario = {
  ...reliable,
  name: "renegotiation from both sides",
  play: (stage) =>
    Effect.andThen(
      connected(stage),
      both(stage, (end) =>
        Effect.gen(function*() {
          const slot = stage.decisions.chancesOf(`${end.name} shows`).pick(["camera", "screen"] as const)
          yield* stage.pause(`${end.name} waits before the ${slot}`, 0, 200)
          inCall(stage, end, `${slot} on`, (call) => call.setMedia(show(slot)))
        }))
    )
}

/** In a call, both ends hold, and resume, each when it likes. */
const bothHold: Scenario = {
  ...reliable,
  name: "hold from both sides",
  play: (stage) =>
    Effect.andThen(
      connected(stage),
      both(stage, (end) =>
        Effect.gen(function*() {
          yield* stage.pause(`${end.name} waits before hold`, 0, 2_000)
          inCall(stage, end, "holds", (call) => call.hold)
          yield* stage.pause(`${end.name} waits before resume`, 0, 3_000)
          inCall(stage, end, "resumes", (call) => call.resume)
        }))
    )
}

/** In a call, the network is cut for up to 20 s: longer than ICE waits, so that only a restart brings media back. */
const networkCut: Scenario = {
  ...reliable,
  name: "network cut",
  play: (stage) =>
    Effect.gen(function*() {
      yield* connected(stage)
      yield* stage.pause("the network lasts", 0, 1_000)
      stage.network.cut()
      stage.note("network", "cut")
      yield* stage.pause("the network is cut", 500, 20_000)
      stage.network.mend()
      stage.note("network", "mended")
    })
}

/** Up to eight actions on either end within 20 s, with engines, networks and channels that fail. */
const anything: Scenario = {
  name: "random user actions",
  expects: "agreement",
  bob: "a line",
  // One call in three is left to ring.
  reply: ({ chancesOf, happens }, { name }, matter) =>
    chancesOf(matter).chance(1 / 3) && happens({ id: `${matter} not`, atMs: 0, who: name, what: "does not answer" }) ? "lets it ring" : "accepts",
  engineFailure: 0.04,
  engineHang: 0.01,
  playsForMs: longestPlayMs,
  play: randomActions
}

/** What the users of two lines do. */
export const lineScenarios: ReadonlyArray<Scenario> = [oneCalls, bothCall, bothRenegotiate, bothHold, networkCut, anything]
