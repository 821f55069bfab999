/** One data channel of a call: a stream of the stack's each way, messages untouched, as core's channel. */
import { type ChannelSide, makeDataChannel } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { DataConsumer, DataProducer } from "mediasoup-client/types"
import { engine, refused, sfuError } from "./sfuError.ts"

/** A message waits its turn while more bytes than this are not yet sent by the stack. */
const highWaterBytes = 65_536
/**
 * Of a reliable channel, so many bytes may be under way. A server drops what a slow receiver has no room for (mediasoup keeps
 * 256 KiB for all that is sent to a transport), and nobody would be told.
 */
const windowBytes = 65_536
/** So many bytes come before the far end is told. */
const tellBytes = windowBytes / 4
/** What mediasoup lets through by default. */
const maxMessageBytes = 262_144
/** How long what is still to come after a channel's end may take: it may be lost. */
const lingerTicks = { reliable: 10, unreliable: 2 }

export interface ChannelOptions {
  readonly id: string
  readonly label: string
  readonly protocol: string
  readonly isReliable: boolean
  readonly out: DataProducer
  readonly pace: (() => Promise<void>) | undefined
  /** Tells the far end how much has come. */
  readonly tellGot: (bytes: number) => void
  /** This end is closed; the far end is to be told how many messages it was sent. */
  readonly tellClose: (sent: number) => void
  /** Nothing goes on any more. */
  readonly release: () => void
}

const encoder = /*#__PURE__*/ new TextEncoder()
const sizeOf = (data: string | Uint8Array): number => (typeof data === "string" ? encoder.encode(data).length : data.length)

export class Channel {
  readonly side: ChannelSide
  readonly #options: ChannelOptions
  #in: DataConsumer | undefined
  #turn: Promise<void> = Promise.resolve()
  /** Messages, and bytes, that were handed to the stack, and of these the bytes that have come. */
  #sent = 0
  #sentBytes = 0
  #arrivedBytes = 0
  #waitingBytes = 0
  #got = 0
  #gotBytes = 0
  #toldBytes = 0
  #isOpen = true
  #isReleased = false
  /** After the end: how many messages there are, and for how long they may still come. */
  #expected: number | undefined
  #lingerTicks = 0
  #wake = () => {}

  constructor(options: ChannelOptions) {
    this.#options = options
    const { label, out, protocol } = options
    out.bufferedAmountLowThreshold = highWaterBytes / 2
    out.on("bufferedamountlow", () => this.#wake())
    this.side = makeDataChannel({
      engine,
      label,
      protocol,
      send: (data) => Effect.tryPromise({ try: () => this.#send(data), catch: (cause) => refused("send", cause) }),
      bufferedAmount: () => this.#waitingBytes + (out.closed ? 0 : out.bufferedAmount),
      close: () => this.#close()
    })
  }

  /** What the far end sends comes from here. */
  hear(consumer: DataConsumer): void {
    this.#in = consumer
    consumer.on("message", (data: unknown) => {
      const message = typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer)
      this.#got += 1
      this.#gotBytes += sizeOf(message)
      this.side.received(message)
      if (this.#gotBytes - this.#toldBytes >= tellBytes) this.#tellGot()
      this.#endIfAll()
    })
  }

  get isReleased(): boolean {
    return this.#isReleased
  }

  get consumer(): DataConsumer | undefined {
    return this.#in
  }

  get out(): DataProducer {
    return this.#options.out
  }

  /** So many bytes have come to the far end. */
  arrived(bytes: number): void {
    this.#arrivedBytes = Math.max(this.#arrivedBytes, bytes)
    this.#wake()
  }

  /** The far end sends no more than so many messages. */
  farClosed(sent: number): void {
    this.#isOpen = false
    this.#expected = sent
    this.#lingerTicks = this.#options.isReliable ? lingerTicks.reliable : lingerTicks.unreliable
    this.#wake()
    this.#endIfAll()
  }

  tick(): void {
    this.#wake()
    if (this.#options.isReliable && this.#gotBytes > this.#toldBytes) this.#tellGot()
    if (this.#expected !== undefined && --this.#lingerTicks <= 0) this.release()
  }

  /** It is over at both ends. */
  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#isOpen = false
    this.#wake()
    this.side.closed()
    this.#options.release()
  }

  #tellGot(): void {
    this.#toldBytes = this.#gotBytes
    if (this.#options.isReliable) this.#options.tellGot(this.#gotBytes)
  }

  #endIfAll(): void {
    if (this.#expected !== undefined && this.#got >= this.#expected) this.release()
  }

  #close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#wake()
    // After all that was handed over before.
    void this.#turn.then(() => this.#options.tellClose(this.#sent))
  }

  #send(data: string | Uint8Array): Promise<void> {
    const size = sizeOf(data)
    this.#assertOpen()
    if (size > maxMessageBytes) throw sfuError("send", { _tag: "TooMany", what: "bytes in a message", limit: maxMessageBytes })
    this.#waitingBytes += size
    const sending = this.#turn.then(async () => {
      await this.#untilRoom(size)
      this.#assertOpen()
      this.#options.out.send(data)
      this.#sent += 1
      this.#sentBytes += size
    }).finally(() => {
      this.#waitingBytes -= size
    })
    this.#turn = sending.then(this.#options.pace, () => {})
    return sending
  }

  #assertOpen(): void {
    if (!this.#isOpen || this.#options.out.readyState !== "open") throw new Error("The channel is closed.")
  }

  async #untilRoom(size: number): Promise<void> {
    const { isReliable, out } = this.#options
    const isFull = () => {
      const underWay = this.#sentBytes - this.#arrivedBytes
      return out.bufferedAmount > highWaterBytes || (isReliable && underWay > 0 && underWay + size > windowBytes)
    }
    while (this.#isOpen && !out.closed && isFull()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
