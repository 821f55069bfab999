/** One end of a data channel between mock connections: reliable and in order, whatever the path does. For `mockChannels`. */
import { type ChannelSide, type DataChannel, makeDataChannel, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { MockError } from "./MockDescriptions.ts"

export type Message = string | Uint8Array

/** One end of a channel, as the other end knows it. */
export interface ChannelEnd {
  readonly receive: (message: Message) => void
  readonly closed: () => void
}

/** What a channel's end needs of its connection. */
export interface ChannelPlace {
  /** Does what is sent now arrive? */
  readonly carries: () => boolean
  readonly onSent: (label: string, message: Message) => void
  /** Nothing more is to be done for it. */
  readonly onOver: () => void
}

/** One end of a channel, as its own connection knows it. */
export interface MockChannel {
  readonly channel: DataChannel
  readonly end: ChannelEnd
  readonly join: (far: ChannelEnd) => void
  /** Sends what waits, if it arrives. */
  readonly flush: () => void
}

/** As it crosses the wire: the sender may write into its bytes again, and text is Unicode (W3C WebRTC section 6.2). */
const copyOf = (message: Message): Message => (typeof message === "string" ? message.toWellFormed() : new Uint8Array(message))

const bytesOf = (message: Message): number => {
  if (typeof message !== "string") return message.length
  let bytes = 0
  for (const char of message) {
    const code = char.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
  }
  return bytes
}

const closedError = () =>
  new WebRtcError({
    engine: "mock",
    operation: "send",
    reason: { _tag: "Refused" },
    cause: new MockError("InvalidStateError", "The data channel is closed.")
  })

/** One end of a channel. What it sends waits while nothing is carried, its close too (RFC 8831 section 6.7). */
export const mockChannel = (label: string, protocol: string, { carries, onOver, onSent }: ChannelPlace): MockChannel => {
  const waiting: Array<{ readonly bytes: number; readonly arriveAt: (far: ChannelEnd) => void }> = []
  let far: ChannelEnd | undefined
  let isOpen = true
  const flush = () => {
    if (far === undefined || !carries()) return
    for (const { arriveAt } of waiting.splice(0)) arriveAt(far)
    if (!isOpen) onOver()
  }
  const put = (bytes: number, arriveAt: (far: ChannelEnd) => void) => {
    waiting.push({ bytes, arriveAt })
    flush()
  }
  const { channel, closed, received } = makeDataChannel({
    engine: "mock",
    label,
    protocol,
    send: (message) =>
      Effect.suspend(() => {
        if (!isOpen) return Effect.fail(closedError())
        const copy = copyOf(message)
        onSent(label, copyOf(message))
        put(bytesOf(copy), ({ receive }) => receive(copy))
        return Effect.void
      }),
    bufferedAmount: () => waiting.reduce((sum, { bytes }) => sum + bytes, 0),
    close: () => {
      if (!isOpen) return
      isOpen = false
      put(0, (end) => end.closed())
    }
  })
  const end: ChannelEnd = {
    receive: received,
    closed: () => {
      isOpen = false
      waiting.length = 0
      closed()
      onOver()
    }
  }
  return {
    channel,
    end,
    flush,
    join: (other: ChannelEnd) => {
      far = other
      flush()
    }
  }
}

/** A channel whose far end is the test: what is sent is told, and what is received it gives. */
export const scriptedChannel = (label: string, protocol: string, onSent: ChannelPlace["onSent"]): ChannelSide =>
  makeDataChannel({
    engine: "mock",
    label,
    protocol,
    send: (message) => Effect.sync(() => onSent(label, message)),
    bufferedAmount: () => 0,
    close: () => {}
  })
