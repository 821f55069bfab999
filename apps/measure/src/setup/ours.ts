/** The same call by ours: two lines over the same signaling, one calls, the other accepts. */
import { CallLine, type LineCall, RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Contestant } from "./Contestant.ts"
import { lineChannel, openTextChannel, type TextEnd } from "./textChannel.ts"

/** Opens both lines. A line is there before its calls; to open it is no part of a call. */
export const ours: Contestant = async (stack) => {
  const scope = Scope.makeUnsafe()
  const [atA, atB] = openTextChannel()
  const open = (device: string, end: TextEnd, peer: string) =>
    Effect.gen(function*() {
      const engine = yield* stack.engine
      return yield* CallLine.make({ device, channel: lineChannel(end, peer), config: { enableVideo: false } }).pipe(Effect.provideService(RtcEngine, engine))
    }).pipe(Scope.provide(scope))
  const a = await Effect.runPromise(open("a", atA, "bob"))
  const b = await Effect.runPromise(open("b", atB, "alice"))
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
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      atA.close()
      atB.close()
    }
  }
}
