/** An end of a simulated world, as the world has it: what can be seen of it, what its user does, and how it is set up. */
import type * as Effect from "effect/Effect"
import type { Decisions } from "./Decisions.ts"
import type { FaultyLink } from "../link/FaultyLink.ts"
import type { JoinableNetwork } from "../mock/MockNetwork.ts"
import type { Scenario, StageEnd } from "./Stage.ts"
import type { WorldEnd } from "./World.ts"

/** An end at work. */
export interface Player extends WorldEnd, StageEnd {
  /** From now on its engine does nothing wrong. */
  readonly mendEngine: () => void
  /** Hangs up each connected call. */
  readonly hangUps: () => ReadonlyArray<Effect.Effect<unknown, unknown>>
}

/** A call that rings, for its user. */
export interface Ringing {
  readonly isRinging: () => boolean
  readonly accept: Effect.Effect<unknown, unknown>
  readonly decline: Effect.Effect<unknown, unknown>
}

/** Where an end stands. */
export interface Place {
  /** What it is called in what is told of a run, and where its engine is on the network. */
  readonly name: string
  /** The name under which it joins the link. */
  readonly user: string
  readonly other: string
  readonly device: string
  /** The first session id of its engine. */
  readonly session: number
  readonly link: FaultyLink
  readonly network: JoinableNetwork
  readonly decisions: Decisions
  readonly scenario: Scenario
  readonly nowMs: () => number
  readonly onRinging: (end: Player, call: Ringing) => void
}
