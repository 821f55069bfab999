/** What becomes of a call whose callee has two devices, or whose callee's app is killed: columns of the table. For `simulate`. */
import * as Effect from "effect/Effect"
import type { Decisions } from "./Decisions.ts"
import { connected, reliable } from "./scenarios.ts"
import type { Scenario } from "./Stage.ts"

const longestThoughtMs = 2_000

/** What bob does about a call that rings on two devices. */
const does = ["accepts on one", "accepts on both", "declines on one"] as const
const doneIn = ({ chancesOf }: Decisions) => chancesOf("what is done about it").pick(does)

/** Both devices of the callee ring; one or both accept, or one declines. */
const twoDevices: Scenario = {
  ...reliable,
  name: "callee on two devices",
  bob: "two lines",
  reply: (decisions) => (doneIn(decisions) === "accepts on both" ? "accepts" : "lets it ring"),
  playsForMs: longestThoughtMs,
  play: (stage) =>
    Effect.gen(function*() {
      const { ann, decisions, devices } = stage
      const done = doneIn(decisions)
      if (done === "declines on one") stage.expect("ended")
      stage.act(ann, "calls", ann.call, true)
      if (done === "accepts on both") return
      // Some users have both in sight, and others take the first that rings; the other may not have heard of the call yet.
      const inSight = decisions.chancesOf("how many ring").pick([1, devices.length])
      yield* stage.until(() => devices.filter((device) => !device.isFree()).length >= inSight)
      yield* stage.pause("bob waits before he answers", 0, longestThoughtMs)
      stage.beginMeasure()
      const device = decisions.chancesOf("which device").pick(devices.filter((one) => !one.isFree()))
      const call = device.live()
      if (call !== undefined) stage.act(device, done, done === "accepts on one" ? call.accept() : call.decline(), true)
    })
}

const longestRingMs = 2_000
const longestAwayMs = 3_000

/** Was the app killed in the call, or while it rang? */
const isInCall = ({ chancesOf }: Decisions) => chancesOf("when it is killed").chance(1 / 2)

/** Bob's app is killed in a call, or while it rings, and starts anew; then he calls, or ann calls again. */
const calleeRestarts: Scenario = {
  ...reliable,
  name: "the callee's app restarts",
  reply: (decisions, { name }) => (name === "bob" && !isInCall(decisions) ? "lets it ring" : "accepts"),
  playsForMs: longestRingMs + longestAwayMs + longestThoughtMs,
  play: (stage) =>
    Effect.gen(function*() {
      const { ann, bob, decisions } = stage
      const inCall = isInCall(decisions)
      if (inCall) yield* connected(stage)
      else {
        stage.act(ann, "calls", ann.call, true)
        yield* stage.until(() => !bob.isFree())
      }
      yield* stage.pause("the app lives", 0, longestRingMs)
      stage.kill(bob)
      stage.beginMeasure()
      // Of two starts the later one has a later time.
      yield* stage.pause("the app is away", 1, longestAwayMs)
      const anew = yield* stage.startAnew
      yield* stage.pause("somebody waits before calling", 0, longestThoughtMs)
      if (decisions.chancesOf("who calls again").chance(1 / 2)) {
        if (anew.isFree()) stage.act(anew, "calls", anew.call, true)
        return
      }
      const before = ann.live()
      if (!inCall && before !== undefined) {
        // Who would call again has to stop calling first.
        stage.act(ann, "hangs up", before.hangup(), true)
        yield* stage.until(ann.isFree)
      }
      stage.act(ann, "calls again", ann.call, true)
    })
}

/** What may become of the callee's devices. */
export const deviceScenarios: ReadonlyArray<Scenario> = [twoDevices, calleeRestarts]
