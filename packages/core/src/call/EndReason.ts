/** Why a call ended: an open text on the wire, with a set of known ones. For apps that put it in words. */

/** The reasons that enigma-rtc itself gives. */
export const endReasons = [
  /** Somebody hung up. */
  "normal",
  /** The called user did not want the call, or the app not the move. */
  "declined",
  /** The called user takes no more calls. */
  "busy",
  /** Nobody answered within `ringTimeoutMs`. */
  "ring_timeout",
  /** Answered, and no media within `connectTimeoutMs`. */
  "connect_timeout",
  /** An offer in the call was not answered within `negotiationTimeoutMs`. */
  "negotiation_timeout",
  /** Another device of the callee's user has answered. */
  "answered_elsewhere",
  /** Both called each other, and the other call goes on. */
  "withdrawn",
  /** Another call has taken its place. */
  "replaced",
  /** It was to take the place of a call that is not on there. */
  "replaced_unknown",
  /** No engine there takes its offer. */
  "engine_unsupported",
  /** The peer's app has started anew, and knows nothing of the call. */
  "peer_restarted",
  /** The media path was lost, or none was found. */
  "ice_failed",
  /** The engine failed. */
  "engine_error",
  /** An offer or an answer could not be sent. */
  "signaling_failed",
  /** The peer sent an offer or an answer that could not be used. */
  "protocol_error"
] as const

/** One of `endReasons`, or any other text that a peer or an app gives. */
export type EndReason = (typeof endReasons)[number] | (string & {})

/** How an engine failed, as plain data: what `WebRtcError` says, without its cause. */
export interface EngineFailure {
  readonly engine: string
  readonly operation: string
  /** The tag of the error's `reason`, such as `Timeout`. */
  readonly reason: string
  readonly message: string
}

/** Who ended a call, and why. */
export interface CallEnd {
  readonly by: "local" | "remote"
  readonly reason: EndReason
  /** Set when an engine's failure ended the call. */
  readonly failure?: EngineFailure
}
