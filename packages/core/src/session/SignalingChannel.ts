/** The app's port to its own signaling transport: text out, text in. Nothing else is asked of it. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { ChannelClosed } from "../EnigmaRtcError.ts"

/** A text that came, and who it is from, as the transport knows it. */
export interface Incoming {
  /** The peer's name, as `CallLine.call` takes it. Let the transport vouch for it: a message cannot. */
  readonly peer: string
  readonly text: string
}

/**
 * A transport hands over each text whole, and vouches for the peer's name. It may lose, repeat, reorder and delay texts,
 * and be away for a while.
 */
export interface SignalingChannel {
  /**
   * Succeeds when the transport has taken the text, which says nothing of its arrival. A line sends one text at a time to
   * each peer; it is interrupted after `operationTimeoutMs`, and by `CallLine.reconnected`.
   */
  readonly send: (text: string, peer: string) => Effect.Effect<void, ChannelClosed>
  /** Ends, or fails, when the transport is closed for good. */
  readonly incoming: Stream.Stream<Incoming, ChannelClosed>
}
