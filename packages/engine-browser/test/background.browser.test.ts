/** Calls in a tab that nobody looks at, whose timers run once a second: nothing that only wants to go on may wait for one. */
import { CallLine, type Incoming, withPageScheduler } from "@enigma-rtc/core"
import { openLine, type PromiseCall, type PromiseChannel } from "@enigma-rtc/core/promise"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { afterEach, expect, it } from "vitest"
import { BrowserEngine } from "../src/index.ts"
import { type HeldBackTimers, holdTimersBack } from "./heldBackTimers.ts"

let timers: HeldBackTimers | undefined
afterEach(() => timers?.restore())

const config = { enableAudio: false, enableVideo: false, enableData: true }

const first = async <A>(all: AsyncIterable<A>): Promise<A> => {
  for await (const one of all) return one
  throw new Error("there is none")
}
const untilUp = async (call: PromiseCall) => {
  for await (const state of call.changes) if (state._tag === "Connected" && state.media._tag === "Up") return
  throw new Error("it never was up")
}

it("a page has no setImmediate of its own", () => {
  expect("setImmediate" in globalThis).toBe(false)
})

it("without Effect, a call connects, talks and ends without one turn by a timer", async () => {
  const receivers = new Map<string, (incoming: Incoming) => void>()
  const join = (own: string, far: string): PromiseChannel => ({
    send: (text) => queueMicrotask(() => receivers.get(far)?.({ peer: own, text })),
    subscribe: (receive) => {
      receivers.set(own, receive)
      return () => receivers.delete(own)
    }
  })
  timers = holdTimersBack()
  const [ann, bob] = await Promise.all([["ann", "bob"], ["bob", "ann"]].map(([own = "", far = ""]) =>
    openLine({ device: own, channel: join(own, far), engine: BrowserEngine.make(), config })))
  if (ann === undefined || bob === undefined) throw new Error("there are two lines")
  const calling = await ann.call("bob")
  const called = await first(bob.incoming)
  await called.accept()
  await Promise.all([untilUp(calling), untilUp(called)])
  const near = await calling.openDataChannel("chat")
  for await (const event of called.events) {
    if (event._tag !== "DataChannelOpened") continue
    await near.send("hello")
    expect(await first(event.channel.messages)).toBe("hello")
    break
  }
  await called.hangup()
  await Promise.all([ann.close(), bob.close()])
  expect(timers.turns()).toBe(0)
})

it("with Effect, so does a program that is run with the page's scheduler", async () => {
  timers = holdTimersBack()
  const program = Effect.gen(function*() {
    const relay = memoryRelay()
    const open = (device: string) =>
      Effect.gen(function*() {
        return yield* CallLine.make({ device, channel: yield* relay.join(device), config }).pipe(Effect.provide(BrowserEngine.layer()))
      })
    const [ann, bob] = [yield* open("ann"), yield* open("bob")]
    yield* Effect.forkScoped(Stream.runForEach(bob.incoming, (call) => Effect.ignore(call.accept())))
    const call = yield* ann.call("bob")
    yield* Stream.runHead(Stream.filter(call.changes, (state) => state._tag === "Connected" && state.media._tag === "Up"))
    yield* call.hangup()
  })
  await Effect.runPromise(withPageScheduler(Effect.scoped(program)))
  expect(timers.turns()).toBe(0)
})
