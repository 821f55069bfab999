/** The client's signaling over connections that the test makes and breaks. */
import { expect, it } from "@effect/vitest"
import { signalingOver, type TextLink } from "@enigma-rtc/sfu-server/client"
import type { SfuNotification } from "@enigma-rtc/engine-sfu"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { until } from "./rig.ts"

/** Connections that answer `sync`, unless they are silent. */
const links = () => {
  const opened: Array<{ readonly sent: Array<string>; readonly queue: Queue.Queue<string, Cause.Done> }> = []
  const state = { refuse: false, silent: false }
  const open = Effect.suspend((): Effect.Effect<TextLink, string> =>
    state.refuse
      ? Effect.fail("refused")
      : Effect.map(Queue.unbounded<string, Cause.Done>(), (queue) => {
        const sent: Array<string> = []
        opened.push({ sent, queue })
        const send = (text: string) => {
          sent.push(text)
          const { id, method } = JSON.parse(text) as { readonly id: number; readonly method: string }
          if (method === "sync" && !state.silent) {
            Queue.offerUnsafe(queue, JSON.stringify({ id, ok: {} }))
          }
        }
        return { send, received: Stream.fromQueue(queue) }
      })
  )
  return { opened, open, state }
}

it.live("when a connection is lost its requests fail, its notifications end, and the next ones are of the next connection", () =>
  Effect.gen(function*() {
    const { open, opened } = links()
    const signaling = yield* signalingOver(open, { firstMs: 10 })
    const told: Array<SfuNotification> = []
    let ends = 0
    yield* Effect.forkScoped(Effect.forever(
      Stream.runForEach(signaling.notifications, (one) => Effect.sync(() => void told.push(one))).pipe(
        Effect.andThen(Effect.sync(() => void (ends += 1)))
      )
    ))
    yield* signaling.request("sync", {})
    const pending = yield* Effect.forkScoped(Effect.flip(signaling.request("leave", {})))
    yield* until("it is sent", () => opened[0]!.sent.length === 2)
    Queue.offerUnsafe(opened[0]!.queue, '{"event":"peerLeft","peer":"a"}')
    for (const text of ["", "{", "null", "[]", '{"id":99,"ok":{}}', '"x"']) {
      Queue.offerUnsafe(opened[0]!.queue, text)
    }
    yield* Queue.end(opened[0]!.queue)
    expect(yield* pending.pipe(Fiber.join)).toMatchObject({ _tag: "SfuUnreachable", method: "leave" })
    yield* until("there is another", () => opened.length === 2)
    Queue.offerUnsafe(opened[1]!.queue, '{"event":"peerLeft","peer":"b"}')
    yield* until("both are heard", () => told.length === 2)
    expect(ends).toBe(1)
    yield* signaling.request("sync", {})
  }))

it.live("while there is no connection requests fail at once, but for a join, which waits for one", () =>
  Effect.gen(function*() {
    const { open, opened, state } = links()
    state.refuse = true
    const signaling = yield* signalingOver(open, { firstMs: 10 })
    expect(yield* Effect.flip(signaling.request("sync", {}))).toMatchObject({ _tag: "SfuUnreachable" })
    yield* Effect.forkScoped(Effect.ignore(signaling.request("join", { room: "one" })))
    yield* Effect.sleep(50)
    state.refuse = false
    yield* until("the join is sent", () => opened[0]?.sent.length === 1)
  }))

it.live("a server that closes every connection at once is asked less and less often", () =>
  Effect.gen(function*() {
    const { open, opened } = links()
    yield* signalingOver(Effect.tap(open, () => Queue.end(opened.at(-1)!.queue)), { firstMs: 20 })
    yield* Effect.sleep(500)
    // 20, 40, 80, 160 and 320 ms, each times 0.5 to 1.5.
    expect(opened.length).toBeGreaterThan(2)
    expect(opened.length).toBeLessThan(8)
  }))

it.live("a connection that is silent, though it was asked for a sign of life, is lost", () =>
  Effect.gen(function*() {
    const { open, opened, state } = links()
    yield* signalingOver(open, { firstMs: 10, idleMs: 30, replyMs: 60 })
    yield* Effect.sleep(300)
    expect(opened.length).toBe(1)
    state.silent = true
    yield* until("another is made", () => opened.length > 1)
  }))
