/** The media plane of a room: one transport each way for all of its calls, made when it is needed, and again when it is lost. */
import { type Slot, slots, type WebRtcError } from "@enigma-rtc/core"
import { Device } from "mediasoup-client"
import type { Consumer, DataConsumer, DataProducer, DataProducerOptions } from "mediasoup-client/types"
import { Producers } from "./Producers.ts"
import type { SfuNotification, SfuReply, TransportDirection } from "./protocol.ts"
import { Qualities } from "./quality.ts"
import { refused, sfuError } from "./sfuError.ts"
import { SfuRefused } from "./SfuSignaling.ts"
import { Side } from "./Side.ts"
import type { Stack } from "./Stack.ts"
import type { Stay, Stays } from "./Stay.ts"

/** A call of the room, as the plane sees it. */
export interface Member {
  /** Who is sent a slot by this call now. */
  readonly audienceOf: (slot: Slot) => string | undefined
  /** Does its far end hear it, and the other way round? */
  readonly isUp: () => boolean
  /** What it had on the transport of this direction is gone. */
  readonly lost: (direction: TransportDirection) => void
  /** There can be transports again: what it needs may be made anew. */
  readonly renew: (direction: TransportDirection) => void
  /** A transport is connected no more. */
  readonly troubled: () => void
  /** There will be no more media. */
  readonly failed: (error: WebRtcError) => void
}

interface Expected {
  readonly peer: string
  readonly slot?: Slot
}

export class Plane {
  readonly stack: Stack
  readonly producers: Producers
  readonly qualities: Qualities
  readonly members = new Set<Member>()
  readonly #stays: Stays
  readonly #sides = new Map<TransportDirection, Promise<Side>>()
  /** By the id of what is consumed: it is there no more. */
  readonly #onClosed = new Map<string, () => void>()
  /** What is produced of data, by its id. */
  readonly #data = new Set<string>()
  #device: { readonly stay: Stay; readonly device: Promise<Device> } | undefined
  #mending: Promise<void> | undefined
  /** What was lost with the last stay. */
  readonly #gone = new Set<TransportDirection>()
  #isClosed = false

  constructor(stack: Stack, stays: Stays) {
    this.stack = stack
    this.#stays = stays
    this.producers = new Producers(stack, stays, () => this.side("send"), (slot) => this.#audienceOf(slot))
    this.qualities = new Qualities(stays)
  }

  /** The stay that is on, or the next one. */
  stay(): Promise<Stay> {
    return this.#stays.current()
  }

  /** The transport of a direction: the one that there is, or a new one. */
  async side(direction: TransportDirection): Promise<Side> {
    if (this.#isClosed) throw sfuError("open", { _tag: "Closed" })
    const known = await this.openSide(direction)
    if (known !== undefined && known.transport.connectionState !== "failed") return known
    known?.lose()
    const other = this.#sides.get(direction)
    if (other !== undefined) return other
    const opening = this.#open(direction)
    this.#sides.set(direction, opening)
    opening.catch(() => {
      if (this.#sides.get(direction) === opening) this.#sides.delete(direction)
    })
    return opening
  }

  /** The transport of a direction, if there is one. */
  async openSide(direction: TransportDirection): Promise<Side | undefined> {
    return this.#sides.get(direction)?.catch(() => undefined)
  }

  async produceData(options: DataProducerOptions, audience: ReadonlyArray<string>): Promise<DataProducer> {
    const side = await this.side("send")
    const opened = (producer: string) => void this.#data.add(producer)
    return side.run("produceData", (transport) => transport.produceData({ ...options, appData: { audience, opened } }))
  }

  async setDataAudience({ id }: DataProducer, audience: ReadonlyArray<string>): Promise<void> {
    await this.#stays.request("setAudience", { producer: id, audience })
  }

  closeData(producer: DataProducer): void {
    producer.close()
    this.#data.delete(producer.id)
    this.#stays.tidy("closeProducer", { producer: producer.id })
  }

  /** Consumes what a ticket names, if it is what the ticket says. It is not paused, and is sent as its producer's end decides. */
  async consume(producer: string, expected: Expected): Promise<Consumer> {
    const side = await this.side("receive")
    const device = await this.#loaded()
    const { consumer: id, kind, peer, rtpParameters, slot } = await this.#stays.request("consume", {
      transport: side.id,
      producer,
      rtpCapabilities: device.recvRtpCapabilities
    })
    const isExpected = peer === expected.peer && slot === expected.slot && (kind === "audio") === (slot === "microphone")
    if (!isExpected) this.#closeAtServer(id)
    if (!isExpected) throw sfuError("consume", { _tag: "Refused" }, new Error("the producer is not what the ticket says"))
    return this.#keep(id, async () => {
      const consumer = await side.run("consume", (transport) => transport.consume({ id, producerId: producer, kind, rtpParameters }))
      await this.#stays.request("setConsumer", { consumer: id, paused: false })
      return consumer
    })
  }

  /** Consumes data of a peer's; `onClosed` is called when that is closed there. */
  async consumeData(producer: string, { peer }: Expected, onClosed: () => void): Promise<DataConsumer> {
    const side = await this.side("receive")
    const { consumer: id, label, peer: from, protocol, sctpStreamParameters } = await this.#stays.request("consumeData", { transport: side.id, producer })
    if (from !== peer) {
      this.#closeAtServer(id)
      throw sfuError("consumeData", { _tag: "Refused" }, new Error("the data is another peer's"))
    }
    const consumer = await this.#keep(id, () => side.run("consumeData", (transport) =>
      transport.consumeData({ id, dataProducerId: producer, sctpStreamParameters, label, protocol })), onClosed)
    // Browsers differ in their default.
    consumer.binaryType = "arraybuffer"
    return consumer
  }

  closeConsumer(consumer: Consumer | DataConsumer): void {
    this.#onClosed.delete(consumer.id)
    this.qualities.forget(consumer.id)
    consumer.close()
    this.#closeAtServer(consumer.id)
  }

  /**
   * Puts right what is wrong with the transports, for all calls that ask at the same time: one that has failed, or that the
   * server has no more, is given up, and one over which nobody is heard restarts ICE.
   */
  mend(): Promise<void> {
    this.#mending ??= this.#mend().finally(() => {
      this.#mending = undefined
    })
    return this.#mending
  }

  notified(notification: SfuNotification): void {
    const { event } = notification
    if (event === "consumerClosed") this.#closed(notification.consumer)
    else if (event === "consumerScore" || event === "consumerLayers") this.qualities.notified(notification)
  }

  /**
   * The connection to the server is there again: what is open there no more is open here no more, and what is open there only,
   * since a reply was lost with the connection, is closed.
   */
  async resumed({ consumers, dataConsumers, dataProducers, transports }: SfuReply<"sync">): Promise<void> {
    const known = new Set<string>()
    for (const direction of ["send", "receive"] as const) {
      const side = await this.openSide(direction)
      if (side === undefined) continue
      if (transports.includes(side.id)) known.add(side.id)
      else side.lose()
    }
    for (const transport of transports) if (!known.has(transport)) this.#stays.tidy("closeTransport", { transport })
    for (const producer of dataProducers) if (!this.#data.has(producer)) this.#stays.tidy("closeProducer", { producer })
    const open = new Set([...consumers, ...dataConsumers])
    for (const id of this.#onClosed.keys()) if (!open.has(id)) this.#closed(id)
    for (const id of open) if (!this.#onClosed.has(id)) this.#closeAtServer(id)
    await Promise.allSettled(slots.map((slot) => this.producers.refresh(slot)))
  }

  /** Another stay has begun: what calls had in the one before is made anew. */
  began(): void {
    const gone = [...this.#gone]
    this.#gone.clear()
    for (const direction of gone) this.members.forEach((member) => member.renew(direction))
  }

  /** The stay is over: all that was open is gone. */
  lost(): void {
    this.#device = undefined
    const sides = [...this.#sides]
    for (const [direction] of sides) this.#gone.add(direction)
    this.#sides.clear()
    this.producers.lost()
    this.#data.clear()
    this.#onClosed.clear()
    for (const [direction, opening] of sides) {
      opening.then((side) => side.close(), () => {})
      this.members.forEach((member) => member.lost(direction))
    }
  }

  close(): void {
    this.#isClosed = true
    this.lost()
  }

  async #open(direction: TransportDirection): Promise<Side> {
    const stay = await this.stay()
    const device = await this.#loaded()
    const side = await Side.open(direction, device, this.#stays, this.stack, (lost) => this.#sideLost(lost), ({ transport }) => {
      if (transport.connectionState === "failed" || transport.connectionState === "disconnected") {
        this.members.forEach((member) => member.troubled())
      }
    })
    // Everything may have changed meanwhile.
    if (!this.#isClosed && this.#device?.stay === stay) return side
    side.close()
    throw sfuError("open", this.#isClosed ? { _tag: "Closed" } : { _tag: "WrongState", state: "a stay that is over", expected: "one that is on" })
  }

  async #loaded(): Promise<Device> {
    const stay = await this.stay()
    if (this.#device?.stay !== stay) {
      const { handlerFactory } = this.stack
      const load = async () => {
        const device = handlerFactory === undefined ? await Device.factory() : new Device({ handlerFactory })
        await device.load({ routerRtpCapabilities: structuredClone(stay.capabilities) })
        return device
      }
      const device = load().catch((cause: unknown) => {
        this.#device = undefined
        throw refused("open", cause)
      })
      this.#device = { stay, device }
    }
    return this.#device.device
  }

  #sideLost(side: Side): void {
    const { direction } = side
    this.#sides.delete(direction)
    if (direction === "send") {
      this.producers.lost()
      this.#data.clear()
    }
    this.members.forEach((member) => {
      member.lost(direction)
      member.renew(direction)
    })
  }

  async #mend(): Promise<void> {
    await this.stay()
    // Whom one call hears over them, all could.
    const isSuspect = ![...this.members].some((member) => member.isUp())
    await Promise.all((["send", "receive"] as const).map(async (direction) => {
      const side = await this.openSide(direction)
      if (side === undefined) return
      const { connectionState } = side.transport
      if (connectionState === "failed" || connectionState === "closed") return side.lose()
      if (!isSuspect || connectionState === "new") return
      const { isAnswered } = this.stack
      // What has never been connected still tries.
      if (isAnswered !== undefined && connectionState === "connecting") return
      if (isAnswered !== undefined) {
        if (!await isAnswered(side.transport)) side.lose()
        return
      }
      try {
        await side.restartIce()
      } catch (error) {
        // The server has it no more; of a stack that could not, it has been given up already.
        if (error instanceof SfuRefused) side.lose()
        else if (!side.isLost) throw error
      }
    }))
  }

  /** Closes a consumer when what it consumes is closed: also while it is being made, and then nobody is told. */
  async #keep<C extends Consumer | DataConsumer>(id: string, make: () => Promise<C>, onClosed?: () => void): Promise<C> {
    let isGone = false
    this.#onClosed.set(id, () => {
      isGone = true
    })
    try {
      const consumer = await make()
      if (isGone) consumer.close()
      else {
        this.#onClosed.set(id, () => {
          consumer.close()
          onClosed?.()
        })
      }
      return consumer
    } catch (cause) {
      this.#onClosed.delete(id)
      this.#closeAtServer(id)
      throw cause
    }
  }

  #audienceOf(slot: Slot): ReadonlySet<string> {
    return new Set([...this.members].flatMap((member) => member.audienceOf(slot) ?? []))
  }

  #closed(id: string): void {
    const tell = this.#onClosed.get(id)
    this.#onClosed.delete(id)
    this.qualities.forget(id)
    tell?.()
  }

  #closeAtServer(consumer: string): void {
    this.#stays.tidy("closeConsumer", { consumer })
  }
}
