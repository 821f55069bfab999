/** A line's conversation with one peer: `Delivery` with a clock and a channel. For `CallLine`. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Result from "effect/Result"
import { type EnigmaRtcError, WebRtcError } from "../EnigmaRtcError.ts"
import {
  bind,
  channelReturned,
  type Delivery,
  delivery,
  DeliveryLimits,
  isFull,
  over,
  poll,
  post,
  type PostedMessage,
  receive,
  type Received,
  taken
} from "../signaling/Delivery.ts"
import type { Envelope } from "../signaling/codec.ts"
import type { SignalingMessage } from "../signaling/SignalingMessage.ts"
import type { Fork } from "./PeerHandle.ts"

/** What a text turned out to be. */
export type Read = Result.Result<SignalingMessage, EnigmaRtcError>

/** What a conversation stands on. */
export interface ConversationWorld {
  readonly line: string
  readonly nowMs: () => number
  readonly fork: Fork
  /** Puts one message on the channel; settles within a limit. */
  readonly transmit: (message: SignalingMessage) => Effect.Effect<void, unknown>
}

export class Conversation {
  readonly #world: ConversationWorld
  #delivery: Delivery<Read>
  /** Taken from `Delivery`, and not yet by the channel. What is numbered is kept there too, and comes again. */
  #outbox: ReadonlyArray<SignalingMessage> = []
  #retryMs: number = DeliveryLimits.firstWaitMs
  #isDown = false
  #isForgotten = false
  #pump: Fiber.Fiber<void> | undefined
  #timer: Fiber.Fiber<void> | undefined
  #wakeMs: number | undefined

  /** `nextSeq`: the number of the first message. */
  constructor(world: ConversationWorld, nextSeq = 0) {
    this.#world = world
    this.#delivery = delivery(world.line, nextSeq)
  }

  get nextSeq(): number {
    return this.#delivery.nextSeq
  }
  /** Is a call on? */
  get isLive(): boolean {
    return this.#delivery.calls.some(({ overMs }) => overMs === undefined)
  }
  /** Nothing is on its way, and nothing is awaited. */
  get isAtRest(): boolean {
    return this.#pump === undefined && this.#wakeMs === undefined && this.#delivery.calls.length === 0
  }
  /** How many messages wait to be acknowledged. */
  get owes(): number {
    return this.#delivery.kept.length
  }
  /** More is owed already than a peer that is there would ever leave unacknowledged. */
  get isFull(): boolean {
    return isFull(this.#delivery)
  }

  /** Fails when there is no room. A hangup has room always. */
  post(message: PostedMessage): Effect.Effect<void, WebRtcError> {
    return Effect.suspend(() => {
      if (this.isFull && message.type !== "hangup") {
        const reason = { _tag: "TooMany", what: "messages that the peer has not taken", limit: DeliveryLimits.kept } as const
        return Effect.fail(new WebRtcError({ engine: "core", operation: `send ${message.type}`, reason }))
      }
      this.#delivery = post(this.#delivery, message, this.#world.nowMs())
      this.#wake()
      return Effect.void
    })
  }

  receive(envelope: Envelope, body: Read, size: number): Received<Read> {
    // What comes shows that the channel is there.
    if (this.#isDown) this.returned()
    const received = receive(this.#delivery, { envelope, body, size }, this.#world.nowMs())
    this.#delivery = received.delivery
    this.#wake()
    return received
  }

  /** The call is with this line; without one, with a peer that has no delivery fields. */
  bind(callId: string, line: string | undefined): void {
    this.#delivery = bind(this.#delivery, callId, line, this.#world.nowMs())
    this.#wake()
  }

  /** The call has ended here. */
  over(callId: string): void {
    this.#delivery = over(this.#delivery, callId, this.#world.nowMs())
    this.#wake()
  }

  /** The channel is there again: what is owed is sent at once, though an earlier text may still hang in it. */
  returned(): void {
    this.#isDown = false
    this.#retryMs = DeliveryLimits.firstWaitMs
    this.#delivery = channelReturned(this.#delivery, this.#world.nowMs())
    // What nobody keeps is not sent twice: the peer, which numbers nothing, would take it twice.
    const [inFlight] = this.#outbox
    if (inFlight === undefined || !isUnkept(inFlight)) {
      this.#pump?.interruptUnsafe()
      this.#pump = undefined
    }
    this.#wake()
  }

  /** Nothing more is sent. */
  forget(): void {
    this.#isForgotten = true
    this.#pump?.interruptUnsafe()
    this.#timer?.interruptUnsafe()
  }

  /** Succeeds when all that is due has been sent, or the channel has failed to take it. */
  get flushed(): Effect.Effect<void> {
    return Effect.suspend(() => (this.#pump === undefined ? this.#sendAll() : Effect.asVoid(Fiber.await(this.#pump))))
  }

  /** Sends what is due. One fiber at a time does so: a slow channel is not given more than it takes. */
  #wake(): void {
    if (this.#pump !== undefined || this.#isForgotten) return
    // After all that happens at this moment: what is said together goes out together.
    const pump: Fiber.Fiber<void> = this.#world.fork(
      Effect.andThen(endOfMoment, this.#sendAll()).pipe(
        Effect.andThen(
          Effect.sync(() => {
            if (this.#pump !== pump) return
            this.#pump = undefined
            this.#sleep()
          })
        )
      )
    )
    this.#pump = pump
  }

  #sendAll(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { delivery, out, wakeMs } = poll(this.#delivery, this.#world.nowMs())
      this.#delivery = delivery
      this.#wakeMs = wakeMs
      this.#outbox = [...this.#outbox.filter(isUnkept), ...out]
      // What has been said meanwhile goes at once; what the channel does not take waits.
      return this.#outbox.length === 0
        ? Effect.void
        : Effect.flatMap(this.#sendEach(), (taken) => (taken ? this.#sendAll() : Effect.void))
    })
  }

  /** Tells whether the channel takes all. After one that it does not take the others are not tried. */
  #sendEach(): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      const [message, ...others] = this.#outbox
      if (message === undefined) return Effect.succeed(true)
      return Effect.flatMap(Effect.exit(this.#world.transmit(message)), (exit) => {
        if (Exit.isFailure(exit)) {
          this.#isDown = true
          this.#outbox = this.#outbox.filter(isUnkept).slice(-DeliveryLimits.kept)
          return Effect.succeed(false)
        }
        this.#outbox = others
        // A slow channel took a while: the next copy is due from now on.
        this.#delivery = taken(this.#delivery, message, this.#world.nowMs())
        if (this.#isDown) {
          this.#isDown = false
          this.#retryMs = DeliveryLimits.firstWaitMs
          this.#delivery = channelReturned(this.#delivery, this.#world.nowMs())
        }
        return this.#sendEach()
      })
    })
  }

  /** Wakes when the next message is due. */
  #sleep(): void {
    this.#timer?.interruptUnsafe()
    this.#timer = undefined
    const nowMs = this.#world.nowMs()
    if (this.#outbox.length > 0) {
      this.#wakeMs = Math.min(this.#wakeMs ?? Infinity, nowMs + this.#retryMs)
      this.#retryMs = Math.min(2 * this.#retryMs, DeliveryLimits.longestWaitMs)
    }
    if (this.#wakeMs === undefined) return
    this.#timer = this.#world.fork(
      Effect.andThen(Effect.sleep(Math.max(0, this.#wakeMs - nowMs)), Effect.sync(() => this.#wake()))
    )
  }
}

/** When the code that runs now is done, and before anything else: a scheduler's turn comes after what waits already. */
const endOfMoment = Effect.promise(() => Promise.resolve())

/** Nobody keeps it: it is for a peer without delivery fields. */
const isUnkept = (message: SignalingMessage): boolean => message.type !== "ack" && message.seq === undefined
