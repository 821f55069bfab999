/** Events for any number of readers: each event once, in order, to each; bounded memory when nobody reads. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { ChannelClosed } from "../EnigmaRtcError.ts"

export interface EventLog<A> {
  readonly publish: (event: A) => void
  /** Readers get what is left, and then their end. */
  readonly end: () => void
  /** The last `history` events, and then each one as it happens. */
  readonly stream: Stream.Stream<A>
  /** The first event that no earlier call of `next` has had; fails when there will be none. */
  readonly next: Effect.Effect<A, ChannelClosed>
}

/** How many events wait for a slow reader; after that its oldest go. */
const capacity = 256

export const makeEventLog = <A>(history: number): EventLog<A> => {
  const recent: Array<A> = []
  const readers = new Set<Queue.Queue<A, Cause.Done>>()
  let ended = false
  let own: Queue.Queue<A, Cause.Done> | undefined

  const subscribe = Effect.tap(Queue.sliding<A, Cause.Done>(capacity), (queue) =>
    Effect.sync(() => {
      for (const event of recent) Queue.offerUnsafe(queue, event)
      if (ended) Queue.endUnsafe(queue)
      else readers.add(queue)
    }))

  return {
    publish: (event) => {
      if (ended) return
      recent.push(event)
      if (recent.length > history) recent.shift()
      for (const reader of readers) Queue.offerUnsafe(reader, event)
    },
    end: () => {
      ended = true
      for (const reader of readers) Queue.endUnsafe(reader)
      readers.clear()
    },
    stream: Stream.unwrap(
      Effect.map(
        Effect.acquireRelease(subscribe, (queue) => Effect.sync(() => readers.delete(queue))),
        Stream.fromQueue
      )
    ),
    next: Effect.suspend(() =>
      own === undefined ? Effect.tap(subscribe, (queue) => Effect.sync(() => { own = queue })) : Effect.succeed(own)
    ).pipe(
      Effect.flatMap(Queue.take),
      Effect.mapError(() => new ChannelClosed({ operation: "nextEvent" }))
    )
  }
}
