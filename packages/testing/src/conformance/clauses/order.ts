/** ENG-170 to 179: operations run one at a time, in the order in which they are asked for. */
import { readSections } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Clause } from "../Clause.ts"
import { negotiate, openPair, untilUp } from "../Pair.ts"
import { insist } from "../until.ts"

export const order: ReadonlyArray<Clause> = [
  {
    id: "ENG-170",
    level: "must",
    needs: ["media"],
    says: "an offer that is asked for right after a change of media has that change",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        const change = left.peer.setMedia(bench.intent({ send: { camera: "off" } }))
        const [, offer] = yield* Effect.all([change, left.peer.createOffer()], { concurrency: 2 })
        const camera = readSections(offer).find(({ slot }) => slot === "camera")
        yield* insist(camera?.direction === "recvonly", "recvonly for the camera", () => camera?.direction ?? "no section")
      })
  },
  {
    id: "ENG-171",
    level: "must",
    needs: [],
    says: "of two offers that are asked for at once one is made, and the other fails with the reason WrongState",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const [first, second] = yield* Effect.all(
          [Effect.result(pair.left.peer.createOffer()), Effect.result(pair.left.peer.createOffer())],
          { concurrency: 2 }
        )
        yield* insist(
          Result.isSuccess(first) && Result.isFailure(second) && second.failure.reason._tag === "WrongState",
          "the first to be made, and WrongState for the second",
          () => [first, second].map((result) => (Result.isSuccess(result) ? "an offer" : result.failure.message)).join(" and ")
        )
        if (Result.isFailure(first)) return
        yield* pair.apply(pair.left, yield* pair.answer(pair.right, first.success))
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-172",
    level: "must",
    needs: [],
    says: "an operation that nobody waits for any more does not keep the next from being done",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const fiber = yield* Effect.forkScoped(pair.left.peer.stats, { startImmediately: true })
        fiber.interruptUnsafe()
        yield* negotiate(pair, pair.left, pair.right)
        yield* untilUp(pair)
      })
  }
]
