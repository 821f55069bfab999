/** Every error that an app can get from enigma-rtc: one tagged union, with the names of the Rust crate. */
import * as Data from "effect/Data"

/**
 * An operation that is illegal in the state that the call is in. The state has not moved.
 */
export class InvalidState extends /*#__PURE__*/ Data.TaggedError("InvalidState")<{
  /** The state the call was in. */
  readonly state: string
  /** What was asked for. */
  readonly operation: string
  /** Why it is illegal here, in words. */
  readonly why: string
  /** What may be asked for in this state. */
  readonly allowed: ReadonlyArray<string>
  /** Set when the call ended before this was done, or, of a call that moves, its new connection: by whom, and an `EndReason`. */
  readonly ended?: { readonly by: "local" | "remote"; readonly reason: string }
}> {
  override get message(): string {
    return `${this.operation} is not possible in ${this.state}: ${this.why}` +
      (this.allowed.length > 0 ? ` (possible: ${this.allowed.join(", ")})` : "")
  }
}

/** A session description that no engine may see (RFC 8866, RFC 9429). The payload is never echoed. */
export class InvalidSdp extends /*#__PURE__*/ Data.TaggedError("InvalidSdp")<{
  /** Where: a line number from 1, or the session as a whole. */
  readonly at: string
  /** What was expected there, with its source. */
  readonly expected: string
}> {
  override get message(): string {
    return `Invalid session description at ${this.at}: expected ${this.expected}`
  }
}

/** An ICE candidate outside of the grammar of RFC 8839 section 5.1. The payload is never echoed. */
export class InvalidCandidate extends /*#__PURE__*/ Data.TaggedError("InvalidCandidate")<{
  /** Where: the name of the field. */
  readonly at: string
  /** What was expected there. */
  readonly expected: string
}> {
  override get message(): string {
    return `Invalid ICE candidate at ${this.at}: expected ${this.expected}`
  }
}

/** Text that is not JSON, or JSON that is not a signaling message. The payload is never echoed. */
export class JsonError extends /*#__PURE__*/ Data.TaggedError("JsonError")<{
  /** Where: the path of the field, or the message as a whole. */
  readonly at: string
  /** What was expected there. */
  readonly expected: string
}> {
  override get message(): string {
    return `Invalid signaling JSON at ${this.at}: expected ${this.expected}`
  }
}

/** The signaling channel, or the stream that was read from, is closed, or does not take what it is given in time. */
export class ChannelClosed extends /*#__PURE__*/ Data.TaggedError("ChannelClosed")<{
  /** What was being done. */
  readonly operation: string
  /** Set when the channel did not settle within this time. */
  readonly limitMs?: number
  readonly cause?: unknown
}> {
  override get message(): string {
    const why = this.limitMs === undefined ? "was closed" : `did not settle within ${this.limitMs} ms`
    return `The channel ${why} during ${this.operation}`
  }
}

/**
 * What is wrong with a local source, where the engine can tell: the errors of W3C Media Capture and Streams, section
 * "getUserMedia()", and of Screen Capture, section "getDisplayMedia()".
 */
export type MediaFault =
  /** The user, or a policy of the page or the system, said no (`NotAllowedError`, `SecurityError`). */
  | "denied"
  /** There is no such device (`NotFoundError`). */
  | "not-found"
  /** The device is there and gives nothing: mostly since another program has it (`NotReadableError`). */
  | "in-use"
  /** No device meets the constraints (`OverconstrainedError`). */
  | "unsatisfiable"
  /** There is no way to ask: an old browser, or a page without a secure context. */
  | "unsupported"
  /** Anything else (`AbortError`, `InvalidStateError`, a bad constraint); see `cause`. */
  | "failed"

/** Why an engine could not do what it was asked. */
export type WebRtcReason =
  /** The peer connection is closed, or was closed while the operation ran. */
  | { readonly _tag: "Closed" }
  /** The operation is illegal in this signaling state (W3C WebRTC section 4.7). */
  | { readonly _tag: "WrongState"; readonly state: string; readonly expected: string }
  /** The operation did not settle in time. */
  | { readonly _tag: "Timeout"; readonly limitMs: number }
  /** The engine's capabilities exclude this operation. */
  | { readonly _tag: "Unsupported"; readonly capability: string }
  /** A bound was reached, and the input was dropped. */
  | { readonly _tag: "TooMany"; readonly what: string; readonly limit: number }
  /** No media path was found, or the last one was lost (RFC 8445). */
  | { readonly _tag: "IceFailed" }
  /** A configuration field has a value that no engine can use. */
  | { readonly _tag: "InvalidConfig"; readonly field: string; readonly expected: string }
  /** A local source of media could not be opened, or cannot be sent. */
  | { readonly _tag: "Media"; readonly detail: string; readonly fault?: MediaFault }
  /** The stack refused, for the reason in `cause`. */
  | { readonly _tag: "Refused" }

const words = (reason: WebRtcReason): string => {
  switch (reason._tag) {
    case "Closed":
      return "the peer connection is closed"
    case "WrongState":
      return `the signaling state is ${reason.state}, expected ${reason.expected}`
    case "Timeout":
      return `it did not settle within ${reason.limitMs} ms`
    case "Unsupported":
      return `the engine lacks the capability ${reason.capability}`
    case "TooMany":
      return `more than ${reason.limit} ${reason.what}`
    case "IceFailed":
      return "there is no media path"
    case "InvalidConfig":
      return `${reason.field}: expected ${reason.expected}`
    case "Media":
      return reason.detail
    case "Refused":
      return "the WebRTC stack refused"
  }
}

/** An operation of a WebRTC engine that failed. */
export class WebRtcError extends /*#__PURE__*/ Data.TaggedError("WebRtcError")<{
  /** The engine's name, such as `werift`. */
  readonly engine: string
  /** The operation of the port, such as `createOffer`. */
  readonly operation: string
  readonly reason: WebRtcReason
  /** What the stack threw, if it threw. */
  readonly cause?: unknown
}> {
  override get message(): string {
    const cause = this.cause instanceof Error ? ` (${this.cause.message})` : ""
    return `${this.engine} ${this.operation}: ${words(this.reason)}${cause}`
  }
}

/** Every error that enigma-rtc can fail with. */
export type EnigmaRtcError = InvalidState | InvalidSdp | InvalidCandidate | WebRtcError | JsonError | ChannelClosed
