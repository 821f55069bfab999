/** A queue as a stream for one reader after another: what one has not taken, the next one gets. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"

/**
 * `Stream.fromQueue` takes all that waits in one go, so that a reader that stops early (`take`, `runHead`, `break`)
 * throws away the rest. Ends, or fails, with the queue.
 */
export const readOneByOne = <A, E>(queue: Queue.Dequeue<A, E>): Stream.Stream<A, Exclude<E, Cause.Done>> =>
  Stream.fromPull(Effect.succeed(Effect.map(Queue.take(queue), (element) => [element] as const)))
