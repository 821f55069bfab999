/** Events for any number of readers: each event once, in order, to each; bounded memory when nobody reads. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { ChannelClosed } from "../EnigmaRtcError.ts"

/** How many events wait for a slow reader; after that its oldest go. */
const capacity = 256

/** How many of a call's events a reader that comes late gets. */
export const eventHistory = 256

type Reader<A> = Queue.Queue<A, Cause.Done>

export class EventLog<A> {
  readonly #history: number
  readonly #recent: Array<A> = []
  readonly #readers = new Set<Reader<A>>()
  #ended = false
  #own: Reader<A> | undefined

  /** A reader that comes late gets the last `history` events. */
  constructor(history: number) {
    this.#history = history
  }

  publish(event: A): void {
    if (this.#ended) return
    this.#recent.push(event)
    if (this.#recent.length > this.#history) this.#recent.shift()
    for (const reader of this.#readers) Queue.offerUnsafe(reader, event)
  }

  /** Readers get what is left, and then their end. */
  end(): void {
    this.#ended = true
    for (const reader of this.#readers) Queue.endUnsafe(reader)
    this.#readers.clear()
  }

  /** The last `history` events, and then each one as it happens. */
  get stream(): Stream.Stream<A> {
    const reading = Effect.acquireRelease(this.#subscribe, (reader) => Effect.sync(() => this.#readers.delete(reader)))
    return Stream.unwrap(Effect.map(reading, Stream.fromQueue))
  }

  /** The first event that no earlier `next` has had; fails when there will be none. */
  get next(): Effect.Effect<A, ChannelClosed> {
    return Effect.suspend(() => (this.#own === undefined ? this.#subscribe : Effect.succeed(this.#own))).pipe(
      Effect.tap((reader) => Effect.sync(() => { this.#own = reader })),
      Effect.flatMap(Queue.take),
      Effect.mapError(() => new ChannelClosed({ operation: "nextEvent" }))
    )
  }

  get #subscribe(): Effect.Effect<Reader<A>> {
    return Effect.tap(Queue.sliding<A, Cause.Done>(capacity), (reader) =>
      Effect.sync(() => {
        for (const event of this.#recent) Queue.offerUnsafe(reader, event)
        if (this.#ended) Queue.endUnsafe(reader)
        else this.#readers.add(reader)
      }))
  }
}
