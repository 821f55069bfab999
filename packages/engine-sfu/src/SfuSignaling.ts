/** The one thing that an app writes to use an SFU: how requests get to its server, and what the server tells gets back. */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { SfuMethod, SfuNotification, SfuRefusal, SfuReply, SfuRequests } from "./protocol.ts"

/** The server refused a request, for the reason in `refusal`. */
export class SfuRefused extends /*#__PURE__*/ Data.TaggedError("SfuRefused")<{
  readonly method: SfuMethod
  readonly refusal: SfuRefusal
}> {
  override get message(): string {
    return `The SFU refused ${this.method}: ${wordsOf(this.refusal)}`
  }
}

/** The server cannot be reached, or does not reply in time. Whether it has done what was asked is not known. */
export class SfuUnreachable extends /*#__PURE__*/ Data.TaggedError("SfuUnreachable")<{
  readonly method: SfuMethod | "notifications"
  readonly cause?: unknown
}> {
  override get message(): string {
    return `The SFU cannot be reached (${this.method})`
  }
}

const wordsOf = (refusal: SfuRefusal): string => {
  switch (refusal.code) {
    case "unauthorised":
      return "not authorised"
    case "invalid":
      return `invalid at ${refusal.at}: expected ${refusal.expected}`
    case "notFound":
      return `there is no ${refusal.what} ${refusal.id}`
    case "wrongState":
      return `expected ${refusal.expected}`
    case "tooMany":
      return `more than ${refusal.limit} ${refusal.what}`
    case "cannotConsume":
      return "this client cannot receive it"
    case "unavailable":
      return "it is not available now"
  }
}

/**
 * A connection to the app's SFU server, over whatever the app has: a WebSocket, HTTP, or a function call in a test. The
 * transport carries JSON, keeps the order, and authenticates; it may reconnect underneath, and `notifications` tells when.
 */
export interface SfuSignaling {
  /** Sends a request, and gives its reply. The engine limits how long it waits. */
  readonly request: <M extends SfuMethod>(
    method: M,
    request: SfuRequests[M]["request"]
  ) => Effect.Effect<SfuReply<M>, SfuRefused | SfuUnreachable>
  /**
   * What the server tells, for one reader. It ends, or fails, when the connection is lost; it is then read again, which
   * succeeds when there is a connection again, and the stay is resumed.
   */
  readonly notifications: Stream.Stream<SfuNotification, SfuUnreachable>
}
