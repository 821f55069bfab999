/** The messages that two ends exchange, as they stand on the wire. For the codec, and for apps that route messages. */

/** Fields that a line adds so that its peer can route and order what arrives. The Rust crate ignores them. */
export interface DeliveryFields {
  /** The line that sent the message: one end of one channel since the app started. At most 64 visible ASCII characters. */
  readonly from?: string
  /** The call that the message belongs to. At most 64 visible ASCII characters. */
  readonly call_id?: string
}

/** An SDP offer (RFC 3264, RFC 8829). */
export interface OfferMessage extends DeliveryFields {
  readonly type: "offer"
  readonly sdp: string
}

/** An SDP answer (RFC 3264, RFC 8829). */
export interface AnswerMessage extends DeliveryFields {
  readonly type: "answer"
  readonly sdp: string
}

/** A trickled ICE candidate (RFC 8838). An empty `candidate` is end-of-candidates. */
export interface IceCandidateMessage extends DeliveryFields {
  readonly type: "ice_candidate"
  readonly candidate: string
  /** The media section's identification (RFC 5888). */
  readonly sdp_mid?: string
  /** The media section's index, from 0. */
  readonly sdp_mline_index?: number
}

/** The sender has left the call. */
export interface HangupMessage extends DeliveryFields {
  readonly type: "hangup"
  /** See `EndReason`; any other text is allowed. */
  readonly reason?: string
}

/** Any message. */
export type SignalingMessage = OfferMessage | AnswerMessage | IceCandidateMessage | HangupMessage

/** A message by its type: `MessageOf<"offer">`. */
export type MessageOf<T extends SignalingMessage["type"]> = Extract<SignalingMessage, { readonly type: T }>

/**
 * Does this message come from a peer that knows delivery fields? The Rust crate, which does not, must never be sent an
 * empty candidate.
 */
export const isDeliveryAware = (message: DeliveryFields): boolean =>
  message.from !== undefined || message.call_id !== undefined
