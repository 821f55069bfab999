/** What a room sends: one producer a slot for all of its calls, each sent to those whose calls want it, and silent without any. */
import type { Slot } from "@enigma-rtc/core"
import type { Producer } from "mediasoup-client/types"
import { within } from "./sfuError.ts"
import { SfuRefused } from "./SfuSignaling.ts"
import type { Side } from "./Side.ts"
import type { Feed, Flow, Stack } from "./Stack.ts"
import type { Stays } from "./Stay.ts"

interface Produced {
  readonly side: Side
  readonly producer: Producer
  readonly feed: Feed
  /** Whom the server sends it to, as far as can be known: after a request without a reply, all whom it may be. */
  audience: ReadonlySet<string>
  isCertain: boolean
}

/** How long a stack may take to begin or to stop sending. */
const feedMs = 9_000

/** How long the server may take before a change of audience counts as uncertain, and is asked for again. */
const audienceMs = 2_000

const isWithin = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean => [...some].every((one) => all.has(one))

export class Producers {
  readonly #stack: Stack
  readonly #stays: Stays
  readonly #side: () => Promise<Side>
  readonly #wanted: (slot: Slot) => ReadonlySet<string>
  readonly #produced = new Map<Slot, Promise<Produced>>()
  readonly #turns = new Map<Slot, { readonly running: Promise<void>; next: Promise<void> | undefined }>()

  constructor(stack: Stack, stays: Stays, side: () => Promise<Side>, wanted: (slot: Slot) => ReadonlySet<string>) {
    this.#stack = stack
    this.#stays = stays
    this.#side = side
    this.#wanted = wanted
  }

  /**
   * The id of a slot's producer, which is made at the first need, silent and for nobody. It is kept as long as its transport:
   * mediasoup-client over werift cannot produce audio in the place of video.
   */
  async idOf(slot: Slot): Promise<string> {
    const known = this.#produced.get(slot) ?? this.#produce(slot)
    return (await known).producer.id
  }

  /** Brings a slot's audience to what its calls want. Done when nobody is sent it any more who is not to be. */
  refresh(slot: Slot): Promise<void> {
    const turn = this.#turns.get(slot)
    if (turn?.next !== undefined) return turn.next
    if (turn !== undefined) {
      // Whatever is wanted by then, for all that ask meanwhile.
      turn.next = turn.running.then(() => this.#begin(slot), () => this.#begin(slot))
      return turn.next
    }
    return this.#begin(slot)
  }

  /** Its transport is gone, and they with it. */
  lost(): void {
    const all = [...this.#produced.values()]
    this.#produced.clear()
    for (const produced of all) produced.then(({ feed }) => feed.close(), () => {})
  }

  /** What is produced now. */
  async flows(): Promise<ReadonlyArray<Flow>> {
    const all = await Promise.all([...this.#produced].map(async ([slot, produced]) => {
      const made = await produced.catch(() => undefined)
      return made === undefined ? [] : [{ slot, parameters: made.producer.rtpParameters }]
    }))
    return all.flat()
  }

  #begin(slot: Slot): Promise<void> {
    const running = this.#refresh(slot).finally(() => {
      if (this.#turns.get(slot)?.running === running && this.#turns.get(slot)?.next === undefined) this.#turns.delete(slot)
    })
    this.#turns.set(slot, { running, next: undefined })
    return running
  }

  #produce(slot: Slot): Promise<Produced> {
    const producing = this.#make(slot)
    this.#produced.set(slot, producing)
    producing.catch(() => {
      if (this.#produced.get(slot) === producing) this.#produced.delete(slot)
    })
    return producing
  }

  async #make(slot: Slot): Promise<Produced> {
    const side = await this.#side()
    const feed = this.#stack.openFeed(slot)
    try {
      const producer = await side.run("produce", (transport) =>
        transport.produce({ ...feed.options, stopTracks: false, disableTrackOnPause: false, appData: { slot, audience: [] } }))
      await feed.begin(producer)
      return { side, producer, feed, audience: new Set(), isCertain: true }
    } catch (cause) {
      feed.close()
      throw cause
    }
  }

  async #refresh(slot: Slot): Promise<void> {
    const produced = await this.#produced.get(slot)?.catch(() => undefined)
    if (produced === undefined || produced.side.isLost) return
    const wanted = this.#wanted(slot)
    const { audience, feed, producer } = produced
    if (wanted.size === 0) await within(feedMs, "setMedia", feed.send(false))
    const isSame = produced.isCertain && isWithin(audience, wanted) && isWithin(wanted, audience)
    if (!isSame) {
      try {
        await within(audienceMs, "setMedia", this.#stays.request("setAudience", { producer: producer.id, audience: [...wanted] }))
        produced.audience = wanted
        produced.isCertain = true
      } catch (cause) {
        // The server has it no more, and would never send it again.
        if (cause instanceof SfuRefused && cause.refusal.code === "notFound") return produced.side.lose()
        produced.audience = new Set([...audience, ...wanted])
        produced.isCertain = false
        setTimeout(() => void this.refresh(slot).catch(() => {}), audienceMs)
      }
    }
    // Nobody may believe to be muted who is not: who is perhaps still sent it hears nothing, and neither does anybody else.
    await within(feedMs, "setMedia", feed.send(wanted.size > 0 && isWithin(produced.audience, wanted)))
  }
}
