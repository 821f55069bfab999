/** The same call by ours: two lines over a relay in memory, one calls, the other accepts. */
import { CallLine, type LineCall, RtcEngine, type SignalingChannel } from "@enigma-rtc/core"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Stack } from "../stacks/Stack.ts"
import { noteMoment } from "./Timeline.ts"

const typeOf = (text: string) => /^\{"type":"(\w+)"/.exec(text)?.[1] ?? "a message"

/** The same channel, with when the first of each type went over it. */
const noted = (name: string, { incoming, send }: SignalingChannel): SignalingChannel => ({
  send: (text, peer) => {
    noteMoment(`${name} sends ${typeOf(text)}`)
    return send(text, peer)
  },
  incoming: Stream.map(incoming, (one) => {
    noteMoment(`${name} gets ${typeOf(one.text)}`)
    return one
  })
})

/** Opens both lines. A line is there before its calls; to open it is no part of a call. */
export const openLines = async (stack: Stack) => {
  const scope = Scope.makeUnsafe()
  const relay = memoryRelay()
  const open = (device: string, name: string) =>
    Effect.gen(function*() {
      const engine = yield* stack.engine
      const channel = noted(name, yield* relay.join(name))
      return yield* CallLine.make({ device, channel, config: { enableVideo: false } }).pipe(Effect.provideService(RtcEngine, engine))
    }).pipe(Scope.provide(scope))
  const a = await Effect.runPromise(open("a", "alice"))
  const b = await Effect.runPromise(open("b", "bob"))
  const untilUp = (call: LineCall) =>
    call.events.pipe(
      Stream.filter(({ _tag }) => _tag === "ConnectionEstablished"),
      Stream.take(1),
      Stream.runDrain
    )
  const answering = Stream.take(b.incoming, 1).pipe(
    Stream.runForEach((call) => Effect.all([call.accept(), untilUp(call)], { concurrency: "unbounded" }))
  )
  const answered = Effect.runPromise(answering)
  return {
    /** Fulfilled when both apps have been told that the call is connected. */
    call: async () => {
      await Effect.runPromise(Effect.flatMap(a.call("bob"), untilUp))
      await answered
    },
    close: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}
