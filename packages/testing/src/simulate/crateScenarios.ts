/** Calls with an app over the Rust crate, which has no delivery fields: columns and rows of a table. For `simulate`. */
import * as Effect from "effect/Effect"
import { channels } from "./channels.ts"
import { callAtOnce, reliable } from "./scenarios.ts"
import type { Scenario } from "./Stage.ts"

const withCrate = { ...reliable, bob: "the crate" } as const

const oursCalls: Scenario = {
  ...withCrate,
  name: "ours calls the crate",
  play: (stage) => Effect.sync(() => stage.act(stage.ann, "calls", stage.ann.call, true))
}
const crateCalls: Scenario = {
  ...withCrate,
  name: "the crate calls ours",
  play: (stage) => Effect.sync(() => stage.act(stage.bob, "calls", stage.bob.call, true))
}
const bothCall: Scenario = { ...withCrate, name: "ours and the crate call at once", play: callAtOnce }

/** Who calls. */
export const crateScenarios: ReadonlyArray<Scenario> = [oursCalls, crateCalls, bothCall]

/** What is lost to a peer that acknowledges nothing stays lost (`docs/signaling.md`): these lose nothing. */
export const crateChannels = channels.filter(({ conditions: { lossProbability = 0 }, partitionMs }) => lossProbability === 0 && partitionMs === undefined)
