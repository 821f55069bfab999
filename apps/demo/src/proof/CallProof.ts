/** What one call between two peers has shown: for the transcript, and for the exit code. */
import type { CallStats, StateTag } from "@enigma-rtc/core"

/** Something that one end did or was told, when. */
export interface Moment {
  readonly atMs: number
  readonly who: string
  readonly what: "state" | "event" | "data"
  readonly text: string
}

/** One thing that has to be true of the call. */
export interface Claim {
  readonly says: string
  readonly holds: boolean
  /** The figures behind it. */
  readonly seen: string
}

export interface EndProof {
  readonly name: string
  readonly states: ReadonlyArray<StateTag>
  readonly stats: CallStats
}

export interface CallProof {
  readonly ends: readonly [EndProof, EndProof]
  /** From the call to media up on both ends. */
  readonly connectedAfterMs: number
  /** Signaling messages that crossed the relay, as JSON text. */
  readonly messages: number
  readonly claims: ReadonlyArray<Claim>
}
