/** What a call receives: a consumer for each producer that a round lets in, and core's tracks of them. */
import { type RemoteTrack, type Slot, slots } from "@enigma-rtc/core"
import type { Consumer } from "mediasoup-client/types"
import type { Plane } from "./Plane.ts"
import type { Flow, Received } from "./Stack.ts"

/** Which producers of a far end are taken, by slot. */
export interface Taken {
  readonly peer: string
  readonly producers: { readonly [S in Slot]?: string }
}

interface Live {
  readonly producer: string
  readonly received: Received
  consumer: Consumer
}

/** Consumers that a round needs and that there were not yet. */
export type Consumed = ReadonlyMap<Slot, Consumer>

export interface ReceptionListener {
  readonly began: (track: RemoteTrack) => void
  readonly ended: (track: RemoteTrack) => void
}

export class Reception {
  readonly #plane: Plane
  readonly #listener: ReceptionListener
  readonly #live = new Map<Slot, Live>()
  #taken: Taken | undefined
  #isClosed = false

  constructor(plane: Plane, listener: ReceptionListener) {
    this.#plane = plane
    this.#listener = listener
  }

  /** Consumes all that there is no consumer for yet, or nothing. Nobody is told; `commit` or `drop` comes next. */
  async consume({ peer, producers }: Taken): Promise<Consumed> {
    const missing = slots.flatMap((slot) => {
      const producer = producers[slot]
      const live = this.#live.get(slot)
      return producer === undefined || (live?.producer === producer && !live.consumer.closed) ? [] : [{ slot, producer }]
    })
    const results = await Promise.allSettled(missing.map(async ({ producer, slot }) =>
      [slot, await this.#plane.consume(producer, { peer, slot })] as const))
    const consumed = new Map(results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])))
    const failure = results.find((result) => result.status === "rejected")
    if (failure === undefined && !this.#isClosed) return consumed
    this.drop(consumed)
    throw failure?.reason ?? new Error("The call is closed.")
  }

  drop(consumed: Consumed): void {
    for (const consumer of consumed.values()) this.#plane.closeConsumer(consumer)
  }

  /** A round is complete: media comes and goes as it says. */
  commit(taken: Taken, consumed: Consumed): void {
    this.#taken = taken
    for (const slot of slots) {
      const live = this.#live.get(slot)
      const producer = taken.producers[slot]
      const consumer = consumed.get(slot)
      // The same media over another consumer is the same track.
      if (live !== undefined && (producer === undefined || (consumer !== undefined && live.producer !== producer))) this.#end(slot, live)
      if (producer !== undefined && consumer !== undefined) this.#begin(slot, producer, consumer)
    }
  }

  /** Its transport is gone: the same media is consumed over the next one. */
  async consumeAgain(): Promise<void> {
    const taken = this.#taken
    if (taken === undefined || this.#isClosed) return
    const consumed = await this.consume(taken)
    if (this.#taken === taken) this.commit(taken, consumed)
    else this.drop(consumed)
  }

  flows(): ReadonlyArray<Flow> {
    return [...this.#live].map(([slot, { consumer }]) => ({ slot, parameters: consumer.rtpParameters }))
  }

  close(): void {
    this.#isClosed = true
    for (const [slot, live] of this.#live) this.#end(slot, live)
  }

  #begin(slot: Slot, producer: string, consumer: Consumer): void {
    const live = this.#live.get(slot)
    if (live !== undefined) {
      this.#plane.closeConsumer(live.consumer)
      live.consumer = consumer
    }
    const received = live?.received ?? this.#plane.stack.beginTrack(slot)
    received.attach(consumer)
    this.#plane.qualities.follow(consumer.id, received.track)
    if (live !== undefined) return
    this.#live.set(slot, { producer, received, consumer })
    this.#listener.began(received.track)
  }

  #end(slot: Slot, { consumer, received }: Live): void {
    this.#live.delete(slot)
    this.#plane.closeConsumer(consumer)
    received.end()
    this.#listener.ended(received.track)
  }
}
