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
  type Received
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
  /** What the channel did not take, and what nobody keeps: messages for a peer without delivery fields. */
  #unsent: Array<SignalingMessage> = []
  #waitMs: number = DeliveryLimits.firstWaitMs
  #isDown = false
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

  /** Nothing is on its way, and nothing is awaited: the conversation may be forgotten. */
  get isAtRest(): boolean {
    return this.#pump === undefined && this.#wakeMs === undefined && this.#delivery.calls.length === 0
  }

  /** Fails when more is owed already than a peer that is there would ever leave unacknowledged. */
  post(message: PostedMessage): Effect.Effect<void, WebRtcError> {
    return Effect.suspend(() => {
      if (isFull(this.#delivery) && message.type !== "hangup") {
        const reason = { _tag: "TooMany", what: "messages that the peer has not taken", limit: DeliveryLimits.kept } as const
        return Effect.fail(new WebRtcError({ engine: "core", operation: `send ${message.type}`, reason }))
      }
      this.#delivery = post(this.#delivery, message, this.#world.nowMs())
      this.pump()
      return Effect.void
    })
  }

  receive(envelope: Envelope, body: Read, size: number): Received<Read> {
    // What comes shows that the channel is there.
    if (this.#isDown) this.returned()
    const received = receive(this.#delivery, { envelope, body, size }, this.#world.nowMs())
    this.#delivery = received.delivery
    this.pump()
    return received
  }

  /** The call is with this line; without one, with a peer that has no delivery fields. */
  bind(callId: string, line: string | undefined): void {
    this.#delivery = bind(this.#delivery, callId, line, this.#world.nowMs())
    this.pump()
  }

  /** The call has ended here. */
  over(callId: string): void {
    this.#delivery = over(this.#delivery, callId, this.#world.nowMs())
    this.pump()
  }

  /** The channel is there again: what is owed is sent at once. */
  returned(): void {
    this.#isDown = false
    this.#waitMs = DeliveryLimits.firstWaitMs
    this.#delivery = channelReturned(this.#delivery, this.#world.nowMs())
    this.pump()
  }

  /** Sends what is due. One fiber at a time does so: a slow channel is not given more than it takes. */
  pump(): void {
    if (this.#pump !== undefined) return
    const pumping = this.#world.fork(
      // After all that happens at this moment: what is said together goes out together.
      Effect.andThen(Effect.yieldNow, this.#sendAll).pipe(
        Effect.ensuring(Effect.sync(() => { this.#pump = undefined })),
        Effect.andThen(Effect.sync(() => this.#sleep()))
      )
    )
    this.#pump = pumping
  }

  /** Succeeds when all that is due has been sent, or the channel has failed to take it. */
  get flushed(): Effect.Effect<void> {
    return Effect.suspend(() => (this.#pump === undefined ? this.#sendAll : Effect.asVoid(Fiber.await(this.#pump))))
  }

  get #sendAll(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { delivery, out, wakeMs } = poll(this.#delivery, this.#world.nowMs())
      this.#delivery = delivery
      this.#wakeMs = wakeMs
      const todo = [...this.#unsent, ...out]
      this.#unsent = []
      // What has been said meanwhile goes at once; what the channel does not take waits.
      return todo.length === 0
        ? Effect.void
        : Effect.flatMap(this.#sendEach(todo), (taken) => (taken ? this.#sendAll : Effect.void))
    })
  }

  /** Tells whether the channel takes them. After one that it does not take the others are not tried. */
  #sendEach([message, ...others]: ReadonlyArray<SignalingMessage>): Effect.Effect<boolean> {
    if (message === undefined) return Effect.succeed(true)
    return Effect.flatMap(Effect.exit(this.#world.transmit(message)), (exit) => {
      if (Exit.isFailure(exit)) {
        this.#isDown = true
        const isUnkept = (one: SignalingMessage) => one.type !== "ack" && one.seq === undefined
        this.#unsent = [message, ...others].filter(isUnkept).slice(-DeliveryLimits.kept)
        return Effect.succeed(false)
      }
      if (this.#isDown) this.returned()
      return this.#sendEach(others)
    })
  }

  /** Wakes when the next message is due. */
  #sleep(): void {
    this.#timer?.interruptUnsafe()
    this.#timer = undefined
    const nowMs = this.#world.nowMs()
    if (this.#unsent.length > 0) {
      this.#wakeMs = Math.min(this.#wakeMs ?? Infinity, nowMs + this.#waitMs)
      this.#waitMs = Math.min(2 * this.#waitMs, DeliveryLimits.longestWaitMs)
    }
    if (this.#wakeMs === undefined) return
    this.#timer = this.#world.fork(
      Effect.andThen(Effect.sleep(Math.max(0, this.#wakeMs - nowMs)), Effect.sync(() => this.pump()))
    )
  }
}
