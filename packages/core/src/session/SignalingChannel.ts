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
 * A transport delivers each text whole, and in the order in which it was sent; it may repeat and delay. One that loses or
 * reorders leaves calls to their time limits.
 */
export interface SignalingChannel {
  /** Succeeds when the transport has taken the text, which says nothing of its arrival. */
  readonly send: (text: string, peer: string) => Effect.Effect<void, ChannelClosed>
  /** Ends, or fails, when the transport is closed for good. */
  readonly incoming: Stream.Stream<Incoming, ChannelClosed>
}
