/** The trunk of a call: a reliable stream of small messages each way, by which its ends know that they hear each other. */
import type { LinkState } from "@enigma-rtc/core"
import type { DataConsumer, DataProducer } from "mediasoup-client/types"
import { LinkWatch, tickMs } from "./LinkWatch.ts"
import type { Plane } from "./Plane.ts"
import { readTrunk, type TrunkMessage, writeTrunk } from "./trunkMessage.ts"

/** Where the far end is to be heard: of its ticket. */
export interface FarTrunk {
  readonly peer: string
  readonly trunk: string
}

export interface TrunkListener {
  readonly link: (state: LinkState) => void
  readonly received: (message: TrunkMessage) => void
  /** What the far end had open over its transports is gone. */
  readonly farLost: () => void
  readonly tick: () => void
}

export class Trunk {
  readonly #plane: Plane
  readonly #listener: TrunkListener
  readonly #watch: LinkWatch
  #producer: Promise<DataProducer> | undefined
  #live: DataProducer | undefined
  #far: FarTrunk | undefined
  #consumer: DataConsumer | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #isClosed = false

  constructor(plane: Plane, listener: TrunkListener) {
    this.#plane = plane
    this.#listener = listener
    this.#watch = new LinkWatch({
      tell: (state) => listener.link(state),
      sayAlive: (hears) => this.send({ type: "alive", hears })
    })
  }

  get isUp(): boolean {
    return this.#watch.isUp
  }

  /** The id of this end's data producer, which is made when there is none. */
  async id(): Promise<string> {
    const producing = this.#producer ?? this.#plane.produceData({ ordered: true, label: "trunk" }, [])
    this.#producer = producing
    try {
      const producer = await producing
      if (this.#isClosed) this.#plane.closeData(producer)
      this.#live = producer
      producer.on("open", () => this.#watch.greet())
      return producer.id
    } catch (cause) {
      if (this.#producer === producing) this.#producer = undefined
      throw cause
    }
  }

  /** Hears a far end, if it does not yet; takes effect with `begin`. */
  async consume(far: FarTrunk): Promise<DataConsumer | undefined> {
    if (this.#consumer !== undefined && this.#far?.trunk === far.trunk && !this.#consumer.closed) return undefined
    let consumer: DataConsumer | undefined
    consumer = await this.#plane.consumeData(far.trunk, { peer: far.peer }, () => {
      if (consumer === undefined || this.#consumer !== consumer) return
      this.#drop()
      this.#listener.farLost()
    })
    return consumer
  }

  /** Sends to this far end from now on. */
  async address({ peer }: FarTrunk): Promise<void> {
    if (this.#live !== undefined) await this.#plane.setDataAudience(this.#live, [peer])
  }

  /** A round is complete: this is the far end. */
  begin(far: FarTrunk, consumer: DataConsumer | undefined): void {
    this.#far = far
    if (consumer !== undefined) {
      this.#drop()
      this.#consumer = consumer
      consumer.on("message", (text: unknown) => {
        if (this.#consumer === consumer) this.#take(readTrunk(text))
      })
      consumer.on("open", () => this.#watch.greet())
    }
    this.#watch.begin()
    this.#timer ??= setInterval(() => {
      this.#watch.tick()
      this.#listener.tick()
    }, tickMs)
  }

  /** Hears the same far end over another transport. */
  async consumeAgain(): Promise<void> {
    const far = this.#far
    if (far === undefined || this.#isClosed) return
    const consumer = await this.consume(far)
    // A round may have come to an end meanwhile.
    if (!this.#isClosed && this.#far === far) this.begin(far, consumer)
    else if (consumer !== undefined) this.#plane.closeConsumer(consumer)
  }

  send(message: TrunkMessage): void {
    const producer = this.#live
    if (producer === undefined || producer.closed || producer.readyState !== "open") return
    try {
      producer.send(writeTrunk(message))
    } catch {
      // It is closing: that is noticed by who hears nothing any more.
    }
  }

  /** The transport of this direction is gone, and what was on it. */
  lost(direction: "send" | "receive"): void {
    if (direction === "send") {
      this.#producer = undefined
      this.#live = undefined
    } else this.#drop()
    this.#watch.forget()
  }

  interrupt(): void {
    this.#watch.interrupt()
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#drop()
    this.#producer?.then((producer) => this.#plane.closeData(producer), () => {})
  }

  #take(message: TrunkMessage | undefined): void {
    if (message === undefined) return
    if (message.type === "alive") this.#watch.heard(message.hears)
    else this.#listener.received(message)
  }

  #drop(): void {
    const consumer = this.#consumer
    this.#consumer = undefined
    if (consumer === undefined) return
    this.#plane.closeConsumer(consumer)
    this.#watch.forget()
  }
}
