/** Where a simulated scenario plays: ends, a link, a network, and users who act. For `scenarios`. */
import type { LineCall } from "@enigma-rtc/core"
import type * as Effect from "effect/Effect"
import type { Decisions } from "./Decisions.ts"
import type { MockOperation } from "../mock/Faults.ts"
import type { MockNetwork } from "../mock/MockNetwork.ts"
import type { Expected } from "./World.ts"

/** One end, for its user. */
export interface StageEnd {
  /** What it is called in what is told of a run. */
  readonly name: string
  /** Whose device it is. */
  readonly user: string
  /** The name to call. */
  readonly other: string
  readonly call: Effect.Effect<unknown, unknown>
  /** The last call that is neither ending nor over; a peer that is no line has none to act on. */
  readonly live: () => LineCall | undefined
  /** Is no call on, or ringing? */
  readonly isFree: () => boolean
  readonly isConnected: () => boolean
  /** The next operation of its engine fails, or never settles. */
  readonly breakEngine: (how: "fail" | "never") => void
}

/** What a scenario has to do with. */
export interface Stage {
  readonly ann: StageEnd
  readonly bob: StageEnd
  /** Every device of bob's. */
  readonly devices: ReadonlyArray<StageEnd>
  readonly decisions: Decisions
  readonly network: MockNetwork
  /** The user does something now, beside everything else; it is told how it went. */
  readonly act: (end: StageEnd, what: string, effect: Effect.Effect<unknown, unknown>, must: boolean) => void
  /** Something that is not a user's doing. */
  readonly note: (who: string, what: string) => void
  /** Waits some milliseconds, if chance will have it: else it goes on at once. */
  readonly pause: (matter: string, minMs: number, maxMs: number) => Effect.Effect<void>
  /** Waits until it holds, which is looked at after every step. */
  readonly until: (holds: () => boolean) => Effect.Effect<void>
  /** The channel of an end takes nothing for so long. */
  readonly crash: (end: StageEnd, forMs: number) => void
  /** Kills the app of an end, which says and hears nothing more from now on. */
  readonly kill: (end: StageEnd) => void
  /** Starts the app of bob's device anew: it knows nothing of what was before. */
  readonly startAnew: Effect.Effect<StageEnd>
  /** What must come of it, if that is not what the scenario says of all its runs. */
  readonly expect: (what: Expected) => void
  /** What is measured begins now, with the channel at its worst. */
  readonly beginMeasure: () => void
}

/** What a user does with a call that rings, after a while. */
export type Reply = "accepts" | "declines" | "lets it ring"

/** A column of the table: what the users do. */
export interface Scenario {
  readonly name: string
  /** What bob has: a line, two devices with a line each, or an app over the Rust crate. */
  readonly bob: "a line" | "two lines" | "the crate"
  readonly expects: Expected
  /** What a user does with a call that rings at this end; the matter is another for each call. */
  readonly reply: (decisions: Decisions, end: StageEnd, matter: string) => Reply
  /** How often an engine's operation fails, and never settles: 0 to 1. */
  readonly engineFailure: number
  readonly engineHang: number
  /** How long the users go on at most without waiting for anything, in milliseconds. */
  readonly playsForMs: number
  readonly play: (stage: Stage) => Effect.Effect<void>
}

/** The operations that an engine may fail in, in a simulation: all but those that no call uses. */
export const breakable = [
  "open", "setMedia", "createOffer", "createAnswer", "applyAnswer", "rollback", "addRemoteCandidate"
] as const satisfies ReadonlyArray<MockOperation>
