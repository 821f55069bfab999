/** A data channel of a call (RFC 8831), and how an adapter makes one of its stack's. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { WebRtcError } from "../EnigmaRtcError.ts"

/** How a channel delivers (W3C WebRTC section 6.2). Reliable and in order by default. */
export interface DataOptions {
  readonly ordered?: boolean
  /** At most one of the two limits may be given. */
  readonly maxRetransmits?: number
  readonly maxPacketLifeTimeMs?: number
  readonly protocol?: string
}

/** A data channel of a call. It closes, at the latest, with the call. */
export interface DataChannel {
  readonly label: string
  readonly protocol: string
  /** Hands a message to the stack. Fails when the channel is closed. */
  readonly send: (data: string | Uint8Array) => Effect.Effect<void, WebRtcError>
  /**
   * Every message once, in the order of arrival, for one reader; ends when the channel closes. At most 1,024 messages
   * wait for a reader; after that the oldest go.
   */
  readonly messages: Stream.Stream<string | Uint8Array>
  readonly close: Effect.Effect<void>
}

/** What a stack's channel must offer, and what it must be told of. */
export interface NativeChannel {
  readonly label: string
  readonly protocol: string
  readonly send: (data: string | Uint8Array) => Effect.Effect<void, WebRtcError>
  readonly close: () => void
}
/** A core channel, and how an adapter tells it of its stack's. */
export interface ChannelSide {
  readonly channel: DataChannel
  /** A message has come. */
  readonly received: (data: string | Uint8Array) => void
  /** The channel is closed, from either end. */
  readonly closed: () => void
}

const capacity = 1_024

/** Makes a core channel of a stack's; the adapter calls `received` and `closed` as they happen. */
export const makeDataChannel = (native: NativeChannel): ChannelSide => {
  const queue = Effect.runSync(Queue.sliding<string | Uint8Array, Cause.Done>(capacity))
  const closed = () => {
    Queue.endUnsafe(queue)
  }
  return {
    channel: {
      label: native.label,
      protocol: native.protocol,
      send: native.send,
      messages: Stream.fromQueue(queue),
      close: Effect.sync(() => {
        native.close()
        closed()
      })
    },
    received: (data) => {
      Queue.offerUnsafe(queue, data)
    },
    closed
  }
}
