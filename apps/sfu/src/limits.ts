/** How much of everything a server gives, so that nobody can take it all. */

/** What one peer may have open at a time in a room. */
export interface SfuPeerLimits {
  readonly transports: number
  readonly producers: number
  readonly consumers: number
  readonly dataProducers: number
  readonly dataConsumers: number
}

/** All that a server bounds. What goes over is refused with `tooMany`, except where another answer is named. */
export interface SfuLimits extends SfuPeerLimits {
  readonly rooms: number
  /** Also those whose connection is lost and who may still come back. */
  readonly peersPerRoom: number
  readonly connections: number
  /** Names in the audience of one producer. */
  readonly audience: number
  /** Of a request, in UTF-16 code units; a longer one is `invalid`. */
  readonly messageLength: number
  /** Of one connection: those that have no reply yet. */
  readonly requestsInFlight: number
  /**
   * Of one connection, over the long run.
   * What comes too fast and is no request besides closes the connection, and so does what comes more than twice as fast.
   */
  readonly requestsPerSecond: number
  /** Of one connection, all at once. */
  readonly requestBurst: number
  /** Replies and notifications that wait for a slow reader; with one more, its connection is closed. */
  readonly outgoing: number
  /** How long a request may take, in milliseconds; then it is `unavailable`. */
  readonly requestMs: number
}

/** Enough for rooms of 64 people who send a microphone, a camera and a screen, each in a call with each, with a few data channels. */
export const defaultLimits: SfuLimits = {
  rooms: 1_000,
  peersPerRoom: 64,
  connections: 10_000,
  transports: 4,
  producers: 8,
  consumers: 256,
  // One for each call, and one for each channel of it.
  dataProducers: 512,
  dataConsumers: 512,
  audience: 256,
  messageLength: 65_536,
  requestsInFlight: 256,
  requestsPerSecond: 100,
  requestBurst: 1_000,
  outgoing: 4_096,
  requestMs: 10_000
}
