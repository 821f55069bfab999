/** Failures to plant in a mock: what a stack does at its worst. */

/** What a mock's connection is asked to do. */
export type MockOperation =
  | "open"
  | "setMedia"
  | "createOffer"
  | "createAnswer"
  | "applyAnswer"
  | "rollback"
  | "addRemoteCandidate"
  | "openDataChannel"
  | "stats"
  | "close"

/** By operation: reject with this, or never settle. Changes take effect at the next call. */
export interface Faults {
  readonly fail?: { readonly [O in MockOperation]?: unknown }
  readonly never?: ReadonlyArray<MockOperation>
  /** Is asked at each operation, before the others; `undefined` lets it pass. */
  readonly next?: (operation: MockOperation) => "never" | { readonly fail: unknown } | undefined
}
