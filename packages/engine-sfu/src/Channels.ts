/** The data channels of a call: opened here and by the far end over the trunk, and closed with it. */
import type { DataChannel, DataOptions } from "@enigma-rtc/core"
import type { DataConsumer, DataProducer } from "mediasoup-client/types"
import { Channel } from "./Channel.ts"
import type { Plane } from "./Plane.ts"
import { sfuError, within } from "./sfuError.ts"
import type { TrunkMessage } from "./trunkMessage.ts"

interface Opening {
  readonly opened: () => void
  readonly refused: (error: Error) => void
  /** The far end has said that it opened it. */
  isAnswered: boolean
}

export interface ChannelsOptions {
  readonly plane: Plane
  readonly send: (message: TrunkMessage) => void
  /** Who the far end is. */
  readonly peer: () => string | undefined
  readonly onOpened: (channel: DataChannel) => void
  /** How long the far end may take to open a channel. */
  readonly limitMs: number
}

/** More than any call has: each costs streams of both ends, and things at the server. */
const maxChannels = 64
/**
 * So many more a far end may open with each tick, after its first `maxChannels`: each costs requests, of which the server takes so
 * many a second, and other calls have some to make too.
 */
const perTick = 2

type Open = Extract<TrunkMessage, { readonly type: "open" }>

/**
 * Streams of mediasoup are in order, or limited in their retransmissions, and never both: one that is to be both is reliable,
 * since late is better than in another order.
 */
const streamOf = ({ maxPacketLifeTimeMs, maxRetransmits, ordered }: Pick<Open, "maxPacketLifeTimeMs" | "maxRetransmits" | "ordered">) => ({
  ordered,
  ...(ordered || maxRetransmits === undefined ? {} : { maxRetransmits }),
  ...(ordered || maxPacketLifeTimeMs === undefined ? {} : { maxPacketLifeTime: Math.max(maxPacketLifeTimeMs, 1) })
})
const isReliable = (stream: ReturnType<typeof streamOf>): boolean => stream.maxRetransmits === undefined && stream.maxPacketLifeTime === undefined

export class Channels {
  readonly #options: ChannelsOptions
  readonly #channels = new Map<string, Channel>()
  /** Those that wait for the far end: opened here, and opened there. */
  readonly #opening = new Map<string, Opening>()
  readonly #answering = new Set<string>()
  readonly #answered = new Map<string, Channel>()
  readonly #closing = new Map<string, number>()
  #mayAnswer = maxChannels
  /** How often what they go over was lost: what began before is of no use. */
  #losses = 0

  constructor(options: ChannelsOptions) {
    this.#options = options
  }

  /** Fulfilled when both ends hear each other over the channel. */
  async open(label: string, { maxPacketLifeTimeMs, maxRetransmits, ordered = true, protocol = "" }: DataOptions): Promise<DataChannel> {
    const { plane } = this.#options
    const limits = {
      ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
      ...(maxPacketLifeTimeMs === undefined ? {} : { maxPacketLifeTimeMs })
    }
    const stream = streamOf({ ordered, ...limits })
    const peer = this.#options.peer()
    if (peer === undefined) throw new Error("There is no far end.")
    if (this.#channels.size >= maxChannels) throw sfuError("openDataChannel", { _tag: "TooMany", what: "channels", limit: maxChannels })
    const losses = this.#losses
    const out = await plane.produceData(stream, [peer])
    if (losses !== this.#losses) {
      plane.closeData(out)
      throw new Error("The connection was lost.")
    }
    const channel = this.#add(out.id, label, protocol, isReliable(stream), out)
    const opening = new Promise<void>((opened, refused) => {
      this.#opening.set(out.id, { opened, refused, isAnswered: false })
      this.#options.send({ type: "open", id: out.id, label, protocol, ordered, ...limits })
    })
    try {
      await within(this.#options.limitMs, "openDataChannel", opening)
    } catch (cause) {
      channel.release()
      throw cause
    } finally {
      this.#opening.delete(out.id)
    }
    return channel.side.channel
  }

  take(message: TrunkMessage): void {
    switch (message.type) {
      case "open":
        void this.#answer(message)
        return
      case "opened":
        void this.#opened(message)
        return
      case "refused":
        this.#opening.get(message.id)?.refused(new Error("The far end refused the channel."))
        this.#channels.get(message.id)?.release()
        return
      case "ready": {
        const channel = this.#answered.get(message.id)
        this.#answered.delete(message.id)
        if (channel !== undefined) this.#options.onOpened(channel.side.channel)
        return
      }
      case "got":
        this.#channels.get(message.id)?.arrived(message.bytes)
        return
      case "close":
        this.#channels.get(message.id)?.farClosed(message.sent)
        return
      case "closed":
        this.#channels.get(message.id)?.release()
        return
      case "alive":
    }
  }

  tick(): void {
    this.#mayAnswer = Math.min(this.#mayAnswer + perTick, maxChannels)
    for (const channel of this.#channels.values()) channel.tick()
    // A far end that does not say that all has come is not waited for.
    for (const [id, ticks] of this.#closing) {
      if (ticks > 0) this.#closing.set(id, ticks - 1)
      else this.#channels.get(id)?.release()
    }
  }

  /** What they went over is gone. */
  lost(): void {
    this.#losses += 1
    for (const channel of this.#channels.values()) channel.release()
    this.#answered.clear()
  }

  async #answer(open: Open): Promise<void> {
    const { plane } = this.#options
    const { id, label, protocol } = open
    const peer = this.#options.peer()
    if (peer === undefined || this.#channels.has(id) || this.#answering.has(id)) return
    if (this.#mayAnswer < 1 || this.#channels.size + this.#answering.size >= maxChannels) return this.#options.send({ type: "refused", id })
    this.#mayAnswer -= 1
    this.#answering.add(id)
    const losses = this.#losses
    let consumer: DataConsumer | undefined
    let out: DataProducer | undefined
    try {
      // First of all: a far end that has nothing to hear costs no stream.
      consumer = await plane.consumeData(id, { peer }, () => this.#channels.get(id)?.release())
      const stream = streamOf(open)
      out = await plane.produceData(stream, [peer])
      if (consumer.closed || losses !== this.#losses) throw new Error("It was closed meanwhile.")
      const channel = this.#add(id, label, protocol, isReliable(stream), out)
      channel.hear(consumer)
      this.#answered.set(id, channel)
      this.#options.send({ type: "opened", id, producer: out.id })
    } catch {
      if (consumer !== undefined) plane.closeConsumer(consumer)
      if (out !== undefined) plane.closeData(out)
      this.#options.send({ type: "refused", id })
    } finally {
      this.#answering.delete(id)
    }
  }

  async #opened({ id, producer }: Extract<TrunkMessage, { readonly type: "opened" }>): Promise<void> {
    const opening = this.#opening.get(id)
    const peer = this.#options.peer()
    const channel = this.#channels.get(id)
    if (opening === undefined || opening.isAnswered || channel === undefined || peer === undefined) return
    opening.isAnswered = true
    const { opened, refused } = opening
    try {
      const consumer = await this.#options.plane.consumeData(producer, { peer }, () => channel.release())
      if (channel.isReleased || consumer.closed) {
        this.#options.plane.closeConsumer(consumer)
        return channel.release()
      }
      channel.hear(consumer)
      this.#options.send({ type: "ready", id })
      opened()
    } catch (cause) {
      this.#options.send({ type: "refused", id })
      refused(cause instanceof Error ? cause : new Error(String(cause)))
    }
  }

  #add(id: string, label: string, protocol: string, reliable: boolean, out: DataProducer): Channel {
    const { plane, send } = this.#options
    const channel = new Channel({
      id,
      label,
      protocol,
      isReliable: reliable,
      out,
      pace: plane.stack.pace,
      tellGot: (bytes) => send({ type: "got", id, bytes }),
      tellClose: (sent) => {
        this.#closing.set(id, 10)
        send({ type: "close", id, sent })
      },
      release: () => {
        this.#channels.delete(id)
        this.#closing.delete(id)
        this.#answered.delete(id)
        this.#opening.get(id)?.refused(new Error("The channel was closed before it was open, or the connection was lost."))
        send({ type: "closed", id })
        if (channel.consumer !== undefined) plane.closeConsumer(channel.consumer)
        plane.closeData(out)
      }
    })
    this.#channels.set(id, channel)
    return channel
  }
}
