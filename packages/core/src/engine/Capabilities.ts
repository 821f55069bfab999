/** What an engine can do. Apps read it, and tests skip by it, so it must be true. */

export interface Capabilities {
  /** Sends and receives audio and video. */
  readonly media: boolean
  /** Data channels (RFC 8831). */
  readonly data: boolean
  /** Puts the intent's `preferCodec` first in its offers and answers. An answer without one keeps the offer's order. */
  readonly codecPreference: boolean
  /** Takes back an offer of its own (RFC 9429 section 4.1.10.2). */
  readonly rollback: boolean
  /** Offers and answers again in a call. */
  readonly renegotiation: boolean
  /** Restarts ICE in a call (RFC 8445 section 9). */
  readonly iceRestart: boolean
  /** Takes remote candidates; an engine behind an SFU has none to take. */
  readonly remoteCandidates: boolean
}
