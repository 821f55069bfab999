/** Does what an end sends arrive at the other: media of a slot, and messages? For clauses. */
import type { Slot, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Bench } from "./Bench.ts"
import { type SetUpFault, Violation } from "./Clause.ts"
import type { End } from "./End.ts"
import type { Pair } from "./Pair.ts"
import { until, untilStill } from "./until.ts"

/** All that has arrived at an end in one slot, on whatever track. */
const arrived = (bench: Bench, end: End, slot: Slot): Effect.Effect<number, SetUpFault | Violation> =>
  Effect.gen(function*() {
    const media = yield* bench.media
    const tracks = end.told("RemoteTrack").filter(({ track }) => track.slot === slot)
    let sum = 0
    for (const { track } of tracks) sum += yield* media.arrived(track)
    return sum
  })

/** Waits until something arrives after now. */
export const untilArrives = (bench: Bench, end: End, slot: Slot, withinMs = 5_000): Effect.Effect<void, SetUpFault | Violation> =>
  Effect.gen(function*() {
    const before = yield* arrived(bench, end, slot)
    const more = Effect.map(arrived(bench, end, slot), (now) => (now > before ? true : undefined))
    const found = () => (end.track(slot) === undefined ? "no track" : `a track of which \`arrived\` stays at ${before}`)
    yield* until({ expected: `the ${slot} to arrive`, found, withinMs }, more)
  })

/** Waits until nothing arrives any more. */
export const untilSilent = (bench: Bench, end: End, slot: Slot): Effect.Effect<number, SetUpFault | Violation> =>
  untilStill(`the ${slot} that arrives`, arrived(bench, end, slot))

const messageMs = 8_000

/**
 * Opens a channel now, and gives what shows, at any later moment, that all still flows: the microphone of both ends, as far
 * as the engine carries media, and messages both ways over this same channel, as far as it carries data.
 */
export const openFlow = (
  bench: Bench,
  { left, right }: Pair
): Effect.Effect<Effect.Effect<void, SetUpFault | Violation | WebRtcError>, Violation | WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { data, media } = bench.capabilities
    const heard = media
      ? Effect.forEach([left, right], (end) => untilArrives(bench, end, "microphone", messageMs), { discard: true })
      : Effect.void
    if (!data) return heard
    const opened = right.told("DataChannelOpened").length
    const here = yield* left.peer.openDataChannel("flow")
    const { channel: there } = yield* right.next("DataChannelOpened", opened)
    const passes = (from: typeof here, to: typeof here, text: string) =>
      Effect.gen(function*() {
        yield* from.send(text)
        const [read] = yield* Effect.timeoutOrElse(Stream.runCollect(Stream.take(to.messages, 1)), {
          duration: messageMs,
          orElse: () => Effect.fail(new Violation({ expected: "the channel that was open to carry a message", found: `nothing within ${messageMs} ms` }))
        })
        if (read !== text) yield* new Violation({ expected: "the channel that was open to carry a message", found: "its end" })
      })
    let round = 0
    const talked = Effect.suspend(() => {
      const text = `message ${++round}`
      return Effect.andThen(passes(here, there, text), passes(there, here, text))
    })
    return Effect.andThen(heard, talked)
  })
