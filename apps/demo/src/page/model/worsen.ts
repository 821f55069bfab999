/** Makes a signaling channel as bad as somebody wants it, in both directions. For the glass box's sliders. */
import type { ChannelClosed, Incoming, SignalingChannel } from "@enigma-rtc/core"
import { seededRandom } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { signal } from "@preact/signals"
import { runFork } from "./run.ts"

/** Without any of these each text arrives once, at once. */
export interface Conditions {
  /** Each text takes up to so long: they overtake each other. */
  readonly jitterMs: number
  /** That a text comes twice: 0 to 1. */
  readonly repeats: number
  /** That a text is lost: 0 to 1. */
  readonly loss: number
  /** Until then (`performance.now()`) nothing comes through. */
  readonly cutUntilMs: number
}

export const fine: Conditions = { jitterMs: 0, repeats: 0, loss: 0, cutUntilMs: 0 }
export const conditions = signal<Conditions>(fine)

/** What the channel does to one text: how late each copy comes; none when it is lost. */
export type Fate = ReadonlyArray<number>

/** What passes is told, with its fate. */
export interface Watch {
  readonly sent: (text: string, peer: string, fate: Fate) => void
  /** Once for each copy that arrives, and once, with no fate, for a text that is lost. */
  readonly came: (incoming: Incoming, lateMs: number | undefined) => void
}

const random = seededRandom(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)

const decide = ({ cutUntilMs, jitterMs, loss, repeats }: Conditions): Fate => {
  if (performance.now() < cutUntilMs || random.chance(loss)) return []
  const late = () => (jitterMs === 0 ? 0 : random.int(0, jitterMs))
  return random.chance(repeats) ? [late(), late()] : [late()]
}

export const worsen = (channel: SignalingChannel, { came, sent }: Watch): SignalingChannel => ({
  send: (text, peer) =>
    Effect.suspend(() => {
      const fate = decide(conditions.peek())
      sent(text, peer, fate)
      const now = fate.filter((lateMs) => lateMs === 0)
      for (const lateMs of fate) {
        if (lateMs > 0) setTimeout(() => runFork(Effect.ignore(channel.send(text, peer))), lateMs)
      }
      return Effect.forEach(now, () => channel.send(text, peer), { discard: true })
    }),
  incoming: Stream.callback<Incoming, ChannelClosed>((queue) => {
    const arrive = (incoming: Incoming, lateMs: number) => {
      came(incoming, lateMs)
      Queue.offerUnsafe(queue, incoming)
    }
    return Effect.andThen(
      Stream.runForEach(channel.incoming, (incoming) =>
        Effect.sync(() => {
          const fate = decide(conditions.peek())
          if (fate.length === 0) came(incoming, undefined)
          for (const lateMs of fate) {
            if (lateMs === 0) arrive(incoming, 0)
            else setTimeout(() => arrive(incoming, lateMs), lateMs)
          }
        })),
      Effect.sync(() => Queue.endUnsafe(queue))
    )
  })
})
