/** Errors in this engine's name, and waits that end. For all of its files. */
import { WebRtcError, type WebRtcReason } from "@enigma-rtc/core"

/** The name by which errors, and apps that have several engines, know this one. */
export const engine = "sfu"

export const sfuError = (operation: string, reason: WebRtcReason, cause?: unknown): WebRtcError =>
  new WebRtcError({ engine, operation, reason, ...(cause === undefined ? {} : { cause }) })

/** What a stack or the server refused, as an error of ours; one of ours as it is. */
export const refused = (operation: string, cause: unknown): WebRtcError =>
  cause instanceof WebRtcError ? cause : sfuError(operation, { _tag: "Refused" }, cause)

/** Rejects with the reason `Timeout` when the promise takes longer; what it does then is of no more interest. */
export const within = <A>(limitMs: number, operation: string, promise: Promise<A>): Promise<A> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(sfuError(operation, { _tag: "Timeout", limitMs })), limitMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
