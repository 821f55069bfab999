/** A data channel of a call (RFC 8831), and how an adapter makes one of its stack's. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { WebRtcError } from "../EnigmaRtcError.ts"
import { readOneByOne } from "./readOneByOne.ts"

/** How a channel delivers (W3C WebRTC section 6.2). Reliable and in order by default. */
export interface DataOptions {
  readonly ordered?: boolean
  /** How often, and, in its stead, for how long (ms) a message is tried: 0 to 65,535. At most one of the two. */
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
  /** How many bytes have been handed to the stack and not yet sent (W3C WebRTC section 6.2). */
  readonly bufferedAmount: Effect.Effect<number>
  /**
   * Every message once, in the order of arrival, for one reader after another: what one has not taken, the next one
   * gets. Ends when the channel closes.
   *
   * At most 16 MiB wait for a reader, a message counting for 64 bytes more than it has. What goes beyond closes the
   * channel, and the stream fails with the reason `TooMany` after what waits: a message is never left out in silence.
   */
  readonly messages: Stream.Stream<string | Uint8Array, WebRtcError>
  readonly close: Effect.Effect<void>
}

/** What a stack's channel must offer, and what it must be told of. */
export interface NativeChannel {
  /** The engine's name, such as `werift`, for its errors. */
  readonly engine: string
  readonly label: string
  readonly protocol: string
  readonly send: (data: string | Uint8Array) => Effect.Effect<void, WebRtcError>
  /** How many bytes have been handed over and not yet sent (W3C WebRTC section 6.2). */
  readonly bufferedAmount: () => number
  /** Called more than once when both ends, or the app and a full channel, close it. */
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

const maxWaitingBytes = 16 * 2 ** 20
/** An empty message takes up room too. */
const bytesOf = (data: string | Uint8Array): number => data.length + 64

/** Makes a core channel of a stack's; the adapter calls `received` and `closed` as they happen. */
export const makeDataChannel = (native: NativeChannel): ChannelSide => {
  const queue = Effect.runSync(Queue.unbounded<string | Uint8Array, Cause.Done | WebRtcError>())
  let waitingBytes = 0
  const closed = () => {
    Queue.endUnsafe(queue)
  }
  return {
    channel: {
      label: native.label,
      protocol: native.protocol,
      send: native.send,
      bufferedAmount: Effect.sync(native.bufferedAmount),
      messages: Stream.map(readOneByOne(queue), (data) => {
        waitingBytes -= bytesOf(data)
        return data
      }),
      close: Effect.sync(() => {
        native.close()
        closed()
      })
    },
    received: (data) => {
      if (queue.state._tag !== "Open") return
      if (waitingBytes + bytesOf(data) <= maxWaitingBytes) {
        waitingBytes += bytesOf(data)
        Queue.offerUnsafe(queue, data)
        return
      }
      const reason = { _tag: "TooMany", what: "bytes wait unread", limit: maxWaitingBytes } as const
      Queue.failCauseUnsafe(queue, Cause.fail(new WebRtcError({ engine: native.engine, operation: "messages", reason })))
      native.close()
    },
    closed
  }
}
