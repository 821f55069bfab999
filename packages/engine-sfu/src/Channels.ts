/** The data channels of a call: opened here and by the far end over the trunk, and closed with it. */
import type { DataChannel, DataOptions } from "@enigma-rtc/core"
import type { DataProducer } from "mediasoup-client/types"
import { Channel } from "./Channel.ts"
import type { Plane } from "./Plane.ts"
import { sfuError } from "./sfuError.ts"
import type { TrunkMessage } from "./trunkMessage.ts"

interface Opening {
  readonly channel: Channel
  readonly opened: () => void
  readonly refused: (error: Error) => void
}

export interface ChannelsOptions {
  readonly plane: Plane
  readonly send: (message: TrunkMessage) => void
  /** Who the far end is. */
  readonly peer: () => string | undefined
  readonly onOpened: (channel: DataChannel) => void
}

/** More than any call has: each costs streams of both ends, and things at the server. */
const maxChannels = 256

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
  readonly #answered = new Map<string, Channel>()
  readonly #closing = new Map<string, number>()

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
    const out = await plane.produceData({ ...stream, label, protocol }, [peer])
    const channel = this.#add(out.id, label, protocol, isReliable(stream), out)
    await new Promise<void>((opened, refused) => {
      this.#opening.set(out.id, { channel, opened, refused })
      this.#options.send({ type: "open", id: out.id, label, protocol, ordered, ...limits })
    }).finally(() => this.#opening.delete(out.id))
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
    for (const channel of this.#channels.values()) channel.tick()
    // A far end that does not say that all has come is not waited for.
    for (const [id, ticks] of this.#closing) {
      if (ticks > 0) this.#closing.set(id, ticks - 1)
      else this.#channels.get(id)?.release()
    }
  }

  /** What they went over is gone. */
  lost(): void {
    for (const { refused } of this.#opening.values()) refused(new Error("The connection was lost."))
    for (const channel of this.#channels.values()) channel.release()
    this.#answered.clear()
  }

  async #answer(open: Open): Promise<void> {
    const { plane } = this.#options
    const { id, label, protocol } = open
    const peer = this.#options.peer()
    if (peer === undefined || this.#channels.has(id)) return
    try {
      if (this.#channels.size >= maxChannels) throw new Error("too many channels")
      const stream = streamOf(open)
      const [consumer, out] = await Promise.allSettled([
        plane.consumeData(id, { peer }, () => this.#channels.get(id)?.release()),
        plane.produceData({ ...stream, label, protocol }, [peer])
      ])
      if (consumer.status === "rejected" || out.status === "rejected") {
        if (consumer.status === "fulfilled") plane.closeConsumer(consumer.value)
        if (out.status === "fulfilled") plane.closeData(out.value)
        throw new Error("the channel has no streams")
      }
      const channel = this.#add(id, label, protocol, isReliable(stream), out.value)
      channel.hear(consumer.value)
      this.#answered.set(id, channel)
      this.#options.send({ type: "opened", id, producer: out.value.id })
    } catch {
      this.#options.send({ type: "refused", id })
    }
  }

  async #opened({ id, producer }: Extract<TrunkMessage, { readonly type: "opened" }>): Promise<void> {
    const opening = this.#opening.get(id)
    const peer = this.#options.peer()
    if (opening === undefined || peer === undefined) return
    const { channel, opened, refused } = opening
    try {
      channel.hear(await this.#options.plane.consumeData(producer, { peer }, () => channel.release()))
      this.#options.send({ type: "ready", id })
      opened()
    } catch (cause) {
      channel.release()
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
        send({ type: "closed", id })
        if (channel.consumer !== undefined) plane.closeConsumer(channel.consumer)
        plane.closeData(out)
      }
    })
    this.#channels.set(id, channel)
    return channel
  }
}
