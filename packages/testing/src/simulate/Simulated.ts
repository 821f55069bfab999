/** What is asked of a simulated run, and what comes of it. For `simulate`, and for who reads its results. */
import type { Channel } from "./channels.ts"
import type { Decision } from "./Decisions.ts"
import type { LinkEntry } from "../link/FaultyLink.ts"
import type { Scenario } from "./Stage.ts"

/** What to simulate. */
export interface SimulateOptions {
  /** Decides everything: a whole number. */
  readonly seed: number
  readonly channel: Channel
  readonly scenario: Scenario
  /** The ids of the decisions that may happen; everything else stays calm. All may without it. */
  readonly only?: ReadonlySet<string>
  /** How to hear of promises that nobody handles; it returns how to stop. In Node: `process.on("unhandledRejection")`. */
  readonly watchRejections?: (heard: (reason: unknown) => void) => () => void
}

/** Something that was seen in a run. */
export interface Happening {
  /** Virtual milliseconds since the run began. */
  readonly atMs: number
  readonly who: string
  readonly what: string
}

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: string
  readonly says: string
  /** What was seen. */
  readonly found: string
  readonly atMs: number
}

/** How a run went. */
export interface Simulated {
  readonly seed: number
  readonly channel: string
  readonly scenario: string
  /** The first that was found; a run ends with it. */
  readonly violation?: Violation
  /** Virtual milliseconds from the users' first action to the rest, without the time that users took to decide. */
  readonly convergedMs?: number
  /** What a browser would have rejected, at ends that name their calls. */
  readonly engineErrors: number
  /** All that chance brought about, in order. */
  readonly decisions: ReadonlyArray<Decision>
  /** What users did, states and media, in order. */
  readonly happenings: ReadonlyArray<Happening>
  /** What was sent, in order. */
  readonly texts: ReadonlyArray<LinkEntry>
}
