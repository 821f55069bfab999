/** What is wrong with a piece of media, as the readers say it and as the app gets it. */
import { WebRtcError, type WebRtcReason } from "@enigma-rtc/core"

/** The reason `Media` of a {@link WebRtcError}: its `detail` says what, at which byte, and what was expected. */
export type MediaFault = Extract<WebRtcReason, { readonly _tag: "Media" }>

/** A fault at a byte of a file or packet. */
export const faultAt = (what: string, offset: number, expected: string): MediaFault => ({
  _tag: "Media",
  detail: `${what} at byte ${offset}: expected ${expected}`
})

/** The error of opening a source, for the app; `name` says which source. */
export const openMediaError = (name: string, fault: MediaFault, cause?: unknown): WebRtcError =>
  new WebRtcError({
    engine: "werift",
    operation: "openMedia",
    reason: { _tag: "Media", detail: `${name}: ${fault.detail}` },
    cause
  })
