/** A signaling relay in memory: a channel for each name, every text delivered once, in order. For tests and demos. */
import { ChannelClosed, type Incoming, type SignalingChannel } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** One text that was sent. */
export interface Relayed {
  readonly from: string
  readonly to: string
  readonly text: string
}

/** A relay, and what went over it. */
export interface MemoryRelay {
  /**
   * Joins under a name, which is free again when the scope closes; who had it before is cut off. A text to a name that
   * nobody has is lost.
   */
  readonly join: (name: string) => Effect.Effect<SignalingChannel, never, Scope.Scope>
  /** Every text that was sent, in order, for as long as the relay is there. */
  readonly log: ReadonlyArray<Relayed>
}

/** Makes a relay that delivers every text once, in order, to the name that it is for. */
export const memoryRelay = (): MemoryRelay => {
  const log: Array<Relayed> = []
  const inboxes = new Map<string, Queue.Queue<Incoming, Cause.Done>>()
  return {
    log,
    join: (name) =>
      Effect.gen(function*() {
        const inbox = yield* Queue.unbounded<Incoming, Cause.Done>()
        const before = inboxes.get(name)
        if (before !== undefined) Queue.endUnsafe(before)
        inboxes.set(name, inbox)
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            if (inboxes.get(name) === inbox) inboxes.delete(name)
            Queue.endUnsafe(inbox)
          })
        )
        return {
          send: (text, peer) =>
            Effect.suspend(() => {
              if (inboxes.get(name) !== inbox) return Effect.fail(new ChannelClosed({ operation: "send" }))
              log.push({ from: name, to: peer, text })
              const to = inboxes.get(peer)
              if (to !== undefined) Queue.offerUnsafe(to, { peer: name, text })
              return Effect.void
            }),
          incoming: Stream.fromQueue(inbox)
        } satisfies SignalingChannel
      })
  }
}
