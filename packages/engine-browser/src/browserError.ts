/** Errors in this engine's name. For all of its files. */
import { type MediaFault, WebRtcError, type WebRtcReason } from "@enigma-rtc/core"

export const browserError = (operation: string, reason: WebRtcReason, cause?: unknown): WebRtcError =>
  new WebRtcError({ engine: "browser", operation, reason, cause })

/** By the name of what getUserMedia and getDisplayMedia reject with. */
const faults: { readonly [name: string]: MediaFault } = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "not-found",
  NotReadableError: "in-use",
  OverconstrainedError: "unsatisfiable"
}

/** Why a source could not be opened; `what` names it. */
export const mediaError = (operation: string, what: string, cause: unknown): WebRtcError => {
  // Whatever was thrown, only a name is read of it.
  const fault = faults[(cause as Error).name] ?? "failed"
  return browserError(operation, { _tag: "Media", fault, detail: `${what}: ${fault}` }, cause)
}

/** There is nothing to ask for media: an old browser, a server, or a page without a secure context. */
export const noMediaError = (operation: string): WebRtcError =>
  browserError(operation, { _tag: "Media", fault: "unsupported", detail: "no navigator.mediaDevices can do this here: is it HTTPS?" })
