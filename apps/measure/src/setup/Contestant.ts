/** One way to set a call up. */
import type { Stack } from "../stacks/Stack.ts"

export interface ReadyCall {
  /** Fulfilled when both ends have been told that they are connected. This is what is timed. */
  readonly call: () => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Opens what is there before a call: the signaling, and whoever listens to it. */
export type Contestant = (stack: Stack) => Promise<ReadyCall>
