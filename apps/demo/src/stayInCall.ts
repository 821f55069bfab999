/** Keeps a second call up, with its figures on one line, until it is interrupted. */
import type { RtpFigures } from "@enigma-rtc/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Peers } from "./peers.ts"

const everyMs = 1_000

const packets = (all: ReadonlyArray<RtpFigures>): string => all.map(({ packets: n, slot }) => `${slot} ${n}`).join(" ")

export const stayInCall = ({ alice, bob }: Peers, print: (line: string) => void) =>
  Effect.gen(function*() {
    yield* Effect.forkScoped(Stream.runForEach(bob.incoming, (call) => Effect.ignore(call.accept())))
    const call = yield* alice.call("bob")
    yield* Console.log("A second call goes on until you press Ctrl+C.")
    for (let seconds = 0;; seconds++) {
      yield* Effect.sleep(everyMs)
      const state = yield* call.state
      if (state._tag === "Ended") return yield* Console.log(`\nThe call ended: ${state.reason}.`)
      const stats = yield* Effect.option(call.stats)
      print(
        stats._tag === "None"
          ? state._tag
          : `${seconds} s in the call · sent ${packets(stats.value.sent)} · received ${packets(stats.value.received)} packets`
      )
    }
  })
