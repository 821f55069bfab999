/** A channel that the test has in hand: several devices under one name, and texts lost, held, repeated, or not taken. */
import { ChannelClosed, type Incoming, type SignalingChannel, type SignalingMessage } from "@enigma-rtc/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { seededRandom } from "../src/link/SeededRandom.ts"
import { seeded } from "./seed.ts"
import { settle } from "./settle.ts"

/** A text that a device has put on the wire. */
export interface Sent {
  /** The device that sent it, as it joined. */
  readonly device: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly message: SignalingMessage
  readonly atMs: number
}

export interface Wire {
  /** A device of this name. Every device of a name hears what is sent to it. */
  readonly join: (name: string, device?: string) => SignalingChannel
  /** Cuts a device off: it hears nothing any more. */
  readonly leave: (device: string) => void
  /** Everything that was taken, in order, whatever became of it. */
  readonly log: ReadonlyArray<Sent>
  /** Decides what becomes of a text on its way to a device: `true` lets it through, and what is held waits. */
  pass: (sent: Sent, toDevice: string) => boolean | "hold"
  /** What a device's `send` does before it takes a text. */
  take: (device: string) => Effect.Effect<void, ChannelClosed>
  /** Lets through what was held, in the given order. */
  readonly release: (order?: "backwards") => void
  /** Gives a device a text, as if it came from this name. */
  readonly inject: (device: string, peer: string, message: object | string) => Effect.Effect<void>
  /** What a device has sent, with the given type or any. */
  readonly of: (device: string, type?: string) => ReadonlyArray<Sent>
}

export const makeWire = (): Wire => {
  const log: Array<Sent> = []
  const held: Array<() => void> = []
  const devices = new Map<string, { readonly name: string; readonly inbox: Queue.Queue<Incoming> }>()
  const wire: Wire = {
    log,
    pass: () => true,
    take: () => Effect.void,
    join: (name, device = name) => {
      const inbox = Effect.runSync(Queue.unbounded<Incoming>())
      devices.set(device, { name, inbox })
      return {
        incoming: Stream.fromQueue(inbox),
        send: (text, to) =>
          Effect.gen(function*() {
            yield* wire.take(device)
            const atMs = yield* Clock.currentTimeMillis
            const sent = { device, from: name, to, text, message: JSON.parse(text) as SignalingMessage, atMs }
            log.push(sent)
            for (const [id, far] of devices) {
              if (far.name !== to || id === device) continue
              const deliver = () => void Queue.offerUnsafe(far.inbox, { peer: name, text })
              const fate = wire.pass(sent, id)
              if (fate === "hold") held.push(deliver)
              else if (fate) deliver()
            }
          })
      }
    },
    leave: (device) => void devices.delete(device),
    release: (order) => {
      const all = held.splice(0)
      for (const deliver of order === "backwards" ? all.toReversed() : all) deliver()
    },
    inject: (device, peer, message) =>
      Effect.suspend(() => {
        const far = devices.get(device)
        if (far === undefined) throw new Error(`no device ${device}`)
        Queue.offerUnsafe(far.inbox, { peer, text: typeof message === "string" ? message : JSON.stringify(message) })
        return settle
      }),
    of: (device, type) => log.filter((sent) => sent.device === device && (type === undefined || sent.message.type === type))
  }
  return wire
}

/** Random numbers from 0 to 1 that can be had again: the seed is told under the test's name, and taken back as `SEED=n`. */
export const randomOf = (title: string): () => number => seededRandom(seeded(title, 1).seed).next

/** Lets time go by in small steps, as it does. */
export const pass = (ms: number, stepMs = 250): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (let left = ms; left > 0; left -= stepMs) {
      yield* TestClock.adjust(Math.min(stepMs, left))
      yield* settle
    }
  })
export const tag = (call: { readonly state: Effect.Effect<{ readonly _tag: string }> }) => Effect.map(call.state, ({ _tag }) => _tag)
export const failing = Effect.fail(new ChannelClosed({ operation: "send" }))
