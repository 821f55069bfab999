/** The microphone of a mock engine, which outlives its connections, and may end by itself. For `MockEngine`. */

export interface MockSource {
  readonly hasEnded: () => boolean
  /** Something of it reaches a far end; the first time counts. */
  readonly flows: (after: (ms: number, act: () => void) => void) => void
  /** Tells of its end; the returned function stops that. */
  readonly onEnd: (listener: () => void) => () => void
}

/** `endsAfterMs`: how long after it first flows it ends; without it, it never does. */
export const mockSource = (endsAfterMs: number | undefined): MockSource => {
  let state: "new" | "flows" | "ended" = "new"
  const listeners = new Set<() => void>()
  return {
    hasEnded: () => state === "ended",
    flows: (after) => {
      if (endsAfterMs === undefined || state !== "new") return
      state = "flows"
      after(endsAfterMs, () => {
        state = "ended"
        for (const listener of listeners) listener()
      })
    },
    onEnd: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    }
  }
}
