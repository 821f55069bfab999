/** Does media of a slot arrive at an end? For clauses. */
import type { Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { Bench } from "./Bench.ts"
import type { Violation } from "./Clause.ts"
import type { End } from "./End.ts"
import { until, untilStill } from "./until.ts"

/** All that has arrived at an end in one slot, on whatever track. */
const arrived = (bench: Bench, end: End, slot: Slot): Effect.Effect<number, Violation> =>
  Effect.gen(function*() {
    const media = yield* bench.media
    const tracks = end.told("RemoteTrack").filter(({ track }) => track.slot === slot)
    let sum = 0
    for (const { track } of tracks) sum += yield* media.arrived(track)
    return sum
  })

/** Waits until something arrives after now. */
export const untilArrives = (bench: Bench, end: End, slot: Slot, withinMs = 5_000): Effect.Effect<void, Violation> =>
  Effect.gen(function*() {
    const before = yield* arrived(bench, end, slot)
    const more = Effect.map(arrived(bench, end, slot), (now) => (now > before ? true : undefined))
    yield* until({ expected: `the ${slot} to arrive`, found: () => (end.track(slot) === undefined ? "no track" : "nothing new on its track"), withinMs }, more)
  })

/** Waits until nothing arrives any more. */
export const untilSilent = (bench: Bench, end: End, slot: Slot): Effect.Effect<number, Violation> =>
  untilStill(`the ${slot} that arrives`, arrived(bench, end, slot))
