/** One call through the SFU, as core drives it: rounds of tickets, over the transports that its room has. */
import {
  type CallStats, type CountedStats, type DataChannel, type DataOptions, type Driver, type DriverEvent, type MediaIntent, type OfferOptions,
  type Slot, slots, WebRtcError
} from "@enigma-rtc/core"
import * as Result from "effect/Result"
import { Channels } from "./Channels.ts"
import type { Member, Plane } from "./Plane.ts"
import type { TransportDirection } from "./protocol.ts"
import { Reception } from "./Reception.ts"
import { answeredBy, answerTo, type Directed, offeredPlaces, type Terms } from "./rounds.ts"
import { makeCredentials, makeSessionId, type Place, ufragOf, writeSdp } from "./sfuSdp.ts"
import { sfuError, within } from "./sfuError.ts"
import type { Flow, Flows } from "./Stack.ts"
import { readTicket, type Ticket, writeTicket } from "./ticket.ts"
import { Trunk } from "./Trunk.ts"

/** So long before its time is over an offer is refused. */
const marginMs = 1_000

/** An offer of ours that is out. */
interface Offered {
  readonly places: ReadonlyArray<Directed>
  readonly credentials: ReturnType<typeof makeCredentials>
}

/** What the last complete round says. */
interface Agreed {
  readonly places: ReadonlyArray<Place>
  readonly far: Ticket
  readonly farUfrag: string
  readonly terms: Terms
}

export class SfuDriver implements Driver, Member {
  readonly #room: string
  readonly #plane: Plane
  readonly #operationTimeoutMs: number
  readonly #emit: (event: DriverEvent) => void
  readonly #reception: Reception
  readonly #trunk: Trunk
  readonly #channels: Channels
  readonly #leaveSources: () => void
  readonly #sessionId = makeSessionId()
  readonly #whenUp = new Set<() => void>()
  readonly #counted: { readonly [W in Flows["way"]]: CountedStats } = { sent: new Map(), received: new Map() }
  #intent: MediaIntent
  #version = 0
  #credentials = makeCredentials()
  #offered: Offered | undefined
  #operation = 0
  #agreed: Agreed | undefined
  #isClosed = false

  constructor(room: string, plane: Plane, operationTimeoutMs: number, intent: MediaIntent, emit: (event: DriverEvent) => void) {
    this.#room = room
    this.#operationTimeoutMs = operationTimeoutMs
    this.#plane = plane
    this.#intent = intent
    this.#emit = emit
    this.#reception = new Reception(plane, {
      began: (track) => emit({ _tag: "RemoteTrack", track }),
      ended: (track) => emit({ _tag: "RemoteTrackEnded", track })
    })
    this.#trunk = new Trunk(plane, {
      link: (state) => {
        emit({ _tag: "Link", state })
        if (state === "up") this.#whenUp.forEach((resolve) => resolve())
      },
      received: (message) => this.#channels.take(message),
      farLost: () => this.#channels.lost(),
      tick: () => this.#channels.tick()
    })
    this.#channels = new Channels({
      plane,
      send: (message) => this.#trunk.send(message),
      peer: () => this.#agreed?.far.peer,
      onOpened: (channel) => emit({ _tag: "DataChannelOpened", channel }),
      limitMs: operationTimeoutMs
    })
    plane.members.add(this)
    this.#leaveSources = plane.stack.joinSources({
      sends: (slot) => this.#wants(slot),
      changed: () => this.#refresh(),
      ended: (slot, reason) => {
        if (this.#intent.send[slot] !== "off") emit({ _tag: "LocalSourceEnded", slot, reason })
      }
    })
  }

  async setMedia(intent: MediaIntent): Promise<void> {
    this.#intent = intent
    this.#plane.stack.demand()
    await this.#refresh()
  }

  async createOffer({ iceRestart = false }: OfferOptions): Promise<string> {
    // A call goes on without an offer that is refused, and tries again; a stack that hangs ends it.
    const isShort = this.#operationTimeoutMs < 2 * marginMs
    const limitMs = isShort ? this.#operationTimeoutMs : this.#operationTimeoutMs - marginMs
    return within(limitMs, "createOffer", this.#offer(iceRestart, limitMs)).catch((cause: unknown) => {
      throw !isShort && cause instanceof WebRtcError && cause.reason._tag === "Timeout" ? sfuError("createOffer", { _tag: "Refused" }, cause) : cause
    })
  }

  async createAnswer(offer: string): Promise<string> {
    const assertInTime = this.#begin("createAnswer")
    this.#offered = undefined
    const ticket = this.#read("createAnswer", offer)
    const isRestart = this.#agreed !== undefined && this.#agreed.farUfrag !== ufragOf(offer)
    if (isRestart) await this.#plane.mend()
    const credentials = isRestart ? makeCredentials() : this.#credentials
    const { places, ...terms } = answerTo(offer, this.#intent)
    const described = this.#describe(places, "active", credentials)
    return this.#agree(ticket, terms.taken, described, () => {
      assertInTime()
      this.#credentials = credentials
      this.#agreed = { places, far: ticket, farUfrag: ufragOf(offer), terms }
    })
  }

  async applyAnswer(answer: string): Promise<void> {
    const offered = this.#offered
    if (offered === undefined) throw sfuError("applyAnswer", { _tag: "WrongState", state: "without an offer", expected: "an offer that is out" })
    const assertInTime = this.#begin("applyAnswer")
    const ticket = this.#read("applyAnswer", answer)
    const terms = answeredBy(answer, offered.places)
    await this.#agree(ticket, terms.taken, Promise.resolve(), () => {
      assertInTime()
      this.#offered = undefined
      this.#credentials = offered.credentials
      this.#agreed = { places: offered.places, far: ticket, farUfrag: ufragOf(answer), terms }
    })
  }

  rollback(): void {
    this.#offered = undefined
  }

  addRemoteCandidate(): void {}

  async openDataChannel(label: string, options: DataOptions): Promise<DataChannel> {
    const lacksData = () =>
      sfuError("openDataChannel", { _tag: "WrongState", state: "connected without a section for data", expected: "enableData on the calling end" })
    if (this.#agreed?.terms.hasData === false) throw lacksData()
    await this.#untilUp()
    if (this.#agreed?.terms.hasData !== true) throw lacksData()
    return this.#channels.open(label, options)
  }

  async stats(): Promise<CallStats> {
    const figures = async (direction: TransportDirection, way: Flows["way"], all: ReadonlyArray<Flow>) => {
      const side = this.#agreed === undefined ? undefined : await this.#plane.openSide(direction)
      return side === undefined ? { rtp: [] } : this.#plane.stack.figures(side.transport, { way, all, counted: this.#counted[way] })
    }
    const produced = (await this.#plane.producers.flows()).filter(({ slot }) => this.#agreed?.terms.sent.has(slot))
    const [{ rtp: sent, ...path }, { rtp: received }] = await Promise.all([
      figures("send", "sent", produced),
      figures("receive", "received", this.#reception.flows())
    ])
    return { sent, received, ...path }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#plane.members.delete(this)
    this.#leaveSources()
    this.#whenUp.forEach((resolve) => resolve())
    this.#channels.lost()
    this.#trunk.close()
    this.#reception.close()
    await this.#refresh()
  }

  // As the plane sees it.

  audienceOf(slot: Slot): string | undefined {
    const agreed = this.#agreed
    return agreed?.terms.sent.has(slot) === true && this.#wants(slot) ? agreed.far.peer : undefined
  }

  isUp(): boolean {
    return this.#trunk.isUp
  }

  lost(direction: TransportDirection): void {
    if (this.#isClosed) return
    this.#trunk.lost(direction === "send" ? "send" : "receive")
    this.#channels.lost()
  }

  renew(direction: TransportDirection): void {
    if (this.#isClosed || this.#agreed === undefined) return
    // The far end consumes what the next ticket names; its own is consumed again as soon as it can be.
    if (direction === "send") this.#emit({ _tag: "NegotiationNeeded" })
    else void this.#consumeAgain()
  }

  troubled(): void {
    this.#trunk.interrupt()
  }

  failed(error: Parameters<Member["failed"]>[0]): void {
    this.#emit({ _tag: "Failed", error })
  }

  /** Is it sent, as far as this end is concerned? */
  #wants(slot: Slot): boolean {
    return this.#intent.send[slot] === "on" && !this.#intent.hold
  }

  async #refresh(): Promise<void> {
    await Promise.all(slots.map((slot) => this.#plane.producers.refresh(slot)))
  }

  #read(operation: string, sdp: string): Ticket {
    const read = readTicket(sdp)
    if (Result.isFailure(read)) throw sfuError(operation, { _tag: "Refused" }, read.failure)
    if (read.success.room === this.#room) return read.success
    throw sfuError(operation, { _tag: "Refused" }, new Error("the far end is in another room"))
  }

  async #describe(places: ReadonlyArray<Directed>, setup: "actpass" | "active", credentials: Offered["credentials"]): Promise<string> {
    const trunk = this.#trunk.id()
    const produced = places.flatMap(({ slot }) => (slot !== undefined && this.#intent.send[slot] !== "off" ? [slot] : []))
    const ids = produced.map(async (slot) => [slot, await this.#plane.producers.idOf(slot)] as const)
    const [{ capabilities, peer }, trunkId, ...producers] = await Promise.all([this.#plane.stay(), trunk, ...ids])
    const ticket = writeTicket({ room: this.#room, peer, trunk: trunkId, producers: Object.fromEntries(producers) })
    this.#version += 1
    return writeSdp({ sessionId: this.#sessionId, version: this.#version, credentials, setup, ticket, places, capabilities })
  }

  async #offer(iceRestart: boolean, limitMs: number): Promise<string> {
    const assertInTime = this.#begin("createOffer", limitMs)
    this.#offered = undefined
    if (iceRestart) await this.#plane.mend()
    const credentials = iceRestart ? makeCredentials() : this.#credentials
    const places = offeredPlaces(this.#agreed?.places ?? [], this.#intent)
    const sdp = await this.#describe(places, "actpass", credentials)
    assertInTime()
    this.#offered = { places, credentials }
    return sdp
  }

  /** Gives what throws when nobody waits for the operation any more: it may then change nothing. */
  #begin(operation: string, limitMs = this.#operationTimeoutMs): () => void {
    const own = ++this.#operation
    const deadline = performance.now() + limitMs
    return () => {
      if (this.#isClosed) throw sfuError(operation, { _tag: "Closed" })
      if (own !== this.#operation || performance.now() > deadline) throw sfuError(operation, { _tag: "Timeout", limitMs })
    }
  }

  /** Does all of a round that may fail, and then what it says; on failure all is as before. */
  async #agree<A>(far: Ticket, slotsTaken: ReadonlySet<Slot>, described: Promise<A>, commit: () => void): Promise<A> {
    const producers = Object.fromEntries([...slotsTaken].flatMap((slot) => (far.producers[slot] === undefined ? [] : [[slot, far.producers[slot]]])))
    const taken = { peer: far.peer, producers }
    const heard = this.#trunk.consume(far)
    const received = this.#reception.consume(taken)
    const prepare = async () => {
      const all = await Promise.all([heard, received, described])
      await this.#trunk.address(far)
      // From here on nothing else can come between.
      commit()
      const [trunk, consumed, description] = all
      this.#reception.commit(taken, consumed)
      this.#trunk.begin(far, trunk)
      return description
    }
    const description = await prepare().catch((cause: unknown) => {
      received.then((consumers) => this.#reception.drop(consumers), () => {})
      heard.then((consumer) => consumer && this.#plane.closeConsumer(consumer), () => {})
      throw cause
    })
    await this.#refresh()
    return description
  }

  async #consumeAgain(): Promise<void> {
    // What fails shows in the link, whose end or restart is core's.
    await Promise.allSettled([this.#trunk.consumeAgain(), this.#reception.consumeAgain()])
  }

  async #untilUp(): Promise<void> {
    if (this.#trunk.isUp) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#whenUp.delete(done)
        resolve()
      }
      this.#whenUp.add(done)
    })
    if (this.#isClosed) throw sfuError("openDataChannel", { _tag: "Closed" })
  }
}
