/** The messages that two ends exchange, as they stand on the wire. For the codec, and for apps that route messages. */

/**
 * Fields that a line adds so that its peer can order and route what arrives. The Rust crate ignores them. Names are at
 * most 64 visible ASCII characters; numbers are whole, from 0 to 2^32 - 1.
 */
export interface DeliveryFields {
  /** The line that sent the message: one end of one channel since the app started, as `device.start`. */
  readonly from?: string
  /** The line that the message is for, and whose messages `ack` acknowledges. */
  readonly to?: string
  /** The number of this message among all that `from` has sent to this peer, from 0. */
  readonly seq?: number
  /** The next `seq` expected from `to`: all below it have arrived. */
  readonly ack?: number
  /** The lowest `seq` that `from` still owes: who knows nothing of `from`, or waits for less, goes on from here. */
  readonly base?: number
  /** The call that the message belongs to. */
  readonly call_id?: string
}

/** An SDP offer (RFC 3264, RFC 9429). */
export interface OfferMessage extends DeliveryFields {
  readonly type: "offer"
  readonly sdp: string
  /** The round of offer and answer: 0, then even numbers for the caller's offers and odd ones for the callee's. */
  readonly negotiation?: number
  /** The call that this one takes the place of. */
  readonly replaces?: string
}

/** An SDP answer (RFC 3264, RFC 9429). */
export interface AnswerMessage extends DeliveryFields {
  readonly type: "answer"
  readonly sdp: string
  /** The round of offer and answer: 0, then even numbers for the caller's offers and odd ones for the callee's. */
  readonly negotiation?: number
}

/** A trickled ICE candidate (RFC 8838). An empty `candidate` is end-of-candidates. */
export interface IceCandidateMessage extends DeliveryFields {
  readonly type: "ice_candidate"
  readonly candidate: string
  /** The media section's identification (RFC 5888). */
  readonly sdp_mid?: string
  /** The media section's index, from 0. */
  readonly sdp_mline_index?: number
  /** The round that brought in the ICE credentials to which the candidate belongs. */
  readonly negotiation?: number
}

/** The sender has left the call. */
export interface HangupMessage extends DeliveryFields {
  readonly type: "hangup"
  /** See `EndReason`; any other text is allowed. */
  readonly reason?: string
  /** With `answered_elsewhere`: the line whose answer the caller took. */
  readonly answered_by?: string
  /** With `replaced`: the call that takes the place of this one, and whose media are up at the sender's end. */
  readonly replaced_by?: string
}

/** Tells what has arrived, when no other message is there to tell it. Never sent to a peer without delivery fields. */
export interface AckMessage {
  readonly type: "ack"
  readonly from: string
  readonly to: string
  readonly ack: number
}

/** A message of a call. */
export type CallMessage = OfferMessage | AnswerMessage | IceCandidateMessage | HangupMessage

/** Any message. */
export type SignalingMessage = CallMessage | AckMessage

/** A message by its type: `MessageOf<"offer">`. */
export type MessageOf<T extends SignalingMessage["type"]> = Extract<SignalingMessage, { readonly type: T }>

/**
 * Does this message come from a peer that knows delivery fields? The Rust crate, which does not, must never be sent an
 * empty candidate.
 */
export const isDeliveryAware = (message: DeliveryFields): boolean =>
  message.from !== undefined || message.call_id !== undefined
