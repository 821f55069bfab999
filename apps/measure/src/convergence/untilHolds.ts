/** Waits until nothing is missing any more, and stays so. For the trials of both contestants. */
const stepMs = 5
/** A state that a late message undoes is none to have come to: nothing is on its way longer than this. */
const holdMs = 120

const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))

export interface Held {
  /** From `sinceMs` to when it began to hold, if it did within the longest wait. */
  readonly afterMs?: number
  /** What was missing when the first limit was over, if it had not begun by then. */
  readonly missing?: string
}

export const untilHolds = async (
  look: () => string | undefined,
  limits: { readonly sinceMs: number; readonly limitMs: number; readonly longestMs: number }
): Promise<Held> => {
  let beganMs: number | undefined
  let missing: string | undefined
  for (;;) {
    const nowMs = performance.now() - limits.sinceMs
    const lack = look()
    if (lack !== undefined) beganMs = undefined
    else beganMs ??= nowMs
    if (missing === undefined && nowMs > limits.limitMs && (beganMs ?? nowMs) > limits.limitMs) missing = lack ?? "late"
    if (beganMs !== undefined && beganMs <= limits.longestMs && nowMs - beganMs >= holdMs) {
      return { afterMs: beganMs, ...(missing === undefined ? {} : { missing }) }
    }
    if (nowMs > limits.longestMs && beganMs === undefined) return { missing: missing ?? lack ?? "late" }
    await sleep(stepMs)
  }
}
