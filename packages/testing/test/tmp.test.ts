import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { openEnd } from "./line.ts"
import { settle } from "./settle.ts"
it.effect("x", () => Effect.gen(function*() {
      const end = yield* openEnd({ send: () => Effect.never, incoming: Stream.never }, "phone", { faults: { never: ["close"] } })
      yield* Effect.forEach(Array.from({ length: 3 }), () => end.line.call("bob"))
      yield* settle
      const closing = yield* Effect.forkScoped(end.close)
      for (let second = 0; second < 200; second++) { yield* TestClock.adjust("1 second"); 
        if (closing.pollUnsafe()!==undefined) { console.log("closed after", second); break } 
        if (second % 10 === 0) for (const p of end.mock.peers) console.log(second, p.timesClosed) }
}))
