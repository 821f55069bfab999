/** A process of its own: hangs calls up after so many ms each, then tells how long it takes to be able to exit. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { openLines } from "./twoPeers.ts"

const moments = process.argv.slice(2).map(Number)
let sockets = 0

await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
  const lines = yield* openLines()
  yield* Effect.forkScoped(Stream.runForEach(lines.bob.incoming, (call) => Effect.forkDetach(Effect.ignore(call.accept()))))
  for (const ms of moments) {
    const call = yield* lines.alice.call("bob")
    yield* Effect.sleep(ms)
    sockets = Math.max(sockets, process.getActiveResourcesInfo().filter((kind) => kind === "UDPWrap").length)
    yield* call.hangup()
  }
})))
const closedAt = performance.now()
process.on("exit", () => console.log(JSON.stringify({ sockets, exitedAfterMs: Math.round(performance.now() - closedAt) })))
