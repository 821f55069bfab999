/** Who looks on while a call's machine decides. For traces. */
import type { CallInput } from "./CallInput.ts"
import type { CallState } from "./CallState.ts"
import type { Verdict } from "./step.ts"

/** Sees each input that the machine has decided, with the verdict and the state after it, in the order of decision. */
export type Observe = (input: CallInput, verdict: Verdict, state: CallState) => void

/** What a call begins with. */
export interface RecordedCall {
  readonly callId: string
  /** The engine's name. */
  readonly engine: string
  readonly initial: CallState
  /** The time in milliseconds, from any beginning. */
  readonly now: () => number
}

/** Begins to look on at a call. `recordTrace` of `@enigma-rtc/core/trace` makes one that writes a trace. */
export type Recorder = (call: RecordedCall) => Observe
