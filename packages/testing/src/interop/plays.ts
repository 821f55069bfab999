/** What two engines must do together: whole calls, through the real codec and over a signaling link. */
import type { Capabilities, MediaChange } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Violation } from "../conformance/Clause.ts"
import { insist, until } from "../conformance/until.ts"
import type { InteropStage, WatchedCall } from "./InteropStage.ts"

/** One thing that two engines must do together. */
export interface Play {
  readonly id: `INT-${number}`
  /** Without these capabilities at both ends there is nothing to play. */
  readonly needs: ReadonlyArray<keyof Capabilities>
  readonly says: string
  readonly run: (stage: InteropStage) => Effect.Effect<void, unknown, Scope.Scope>
}

interface Calls {
  readonly left: WatchedCall
  readonly right: WatchedCall
}

const each = ({ left, right }: Calls) => [left, right]

const settled = (calls: Calls) =>
  Effect.andThen(
    Effect.forEach(each(calls), ({ untilSettled }) => untilSettled, { concurrency: 2, discard: true }),
    Effect.forEach(each(calls), ({ insistNoError }) => insistNoError, { discard: true })
  )

/** One calls and the other accepts. */
const connect = ({ left, right }: InteropStage, caller: "left" | "right", media?: MediaChange) =>
  Effect.gen(function*() {
    const [calling, called] = caller === "left" ? [left, right] : [right, left]
    const [mine, theirs] = yield* Effect.all([calling.calls(media), called.accepts(media)], { concurrency: 2 })
    const calls: Calls = caller === "left" ? { left: mine, right: theirs } : { left: theirs, right: mine }
    yield* settled(calls)
    return calls
  })

const flows = (calls: Calls, slots: ReadonlyArray<"microphone" | "camera"> = ["microphone", "camera"]) =>
  Effect.forEach(each(calls), (end) => Effect.forEach(slots, (slot) => end.untilArrives(slot)), { discard: true })

const talks = (from: WatchedCall, to: WatchedCall, label: string) =>
  Effect.gen(function*() {
    const here = yield* from.call.openDataChannel(label)
    const there = yield* to.channelOpened(label)
    const bytes = Uint8Array.of(1, 2, 255)
    for (const [a, b] of [[here, there], [there, here]] as const) {
      yield* a.send("grüß dich")
      yield* a.send(bytes)
      const read = yield* Effect.timeoutOrElse(Stream.runCollect(Stream.take(b.messages, 2)), {
        duration: 5_000,
        orElse: () => Effect.fail(new Violation({ expected: "two messages", found: "fewer" }))
      })
      yield* insist(read[0] === "grüß dich" && String(read[1]) === String(bytes), "the text and the bytes", () => String(read))
    }
  })

const called = (id: Play["id"], caller: "left" | "right"): Play => ({
  id,
  needs: [],
  says: `the ${caller} calls: media and data flow both ways, and either may hang up`,
  run: (stage) =>
    Effect.gen(function*() {
      const calls = yield* connect(stage, caller)
      if (stage.common.media) yield* flows(calls)
      if (stage.common.data) {
        yield* talks(calls.left, calls.right, "of the left")
        yield* talks(calls.right, calls.left, "of the right")
      }
      yield* calls[caller === "left" ? "right" : "left"].call.hangup()
      yield* Effect.forEach(each(calls), ({ untilEnded }) => untilEnded, { discard: true })
    })
})

/** Every play, in the order of their numbers. */
export const plays: ReadonlyArray<Play> = [
  called("INT-1", "left"),
  called("INT-2", "right"),
  {
    id: "INT-3",
    needs: [],
    says: "both call at the same moment: one call remains, and media and data flow",
    run: (stage) =>
      Effect.gen(function*() {
        const [left, right] = yield* Effect.all([stage.left.calls(), stage.right.calls()], { concurrency: 2 })
        const calls = { left, right }
        yield* settled(calls)
        yield* insist(left.call.id === right.call.id, "one call", () => `${left.call.id} and ${right.call.id}`)
        if (stage.common.media) yield* flows(calls)
        if (stage.common.data) yield* talks(left, right, "chat")
      })
  },
  {
    id: "INT-4",
    needs: ["media"],
    says: "a muted microphone is not heard, the camera goes on, and unmuted it is heard again",
    run: (stage) =>
      Effect.gen(function*() {
        const calls = yield* connect(stage, "left")
        yield* flows(calls)
        for (const [end, far] of [[calls.left, calls.right], [calls.right, calls.left]] as const) {
          yield* end.call.setMicrophoneEnabled(false)
          yield* far.untilSilent("microphone")
          yield* far.untilArrives("camera")
          yield* end.call.setMicrophoneEnabled(true)
          yield* far.untilArrives("microphone")
        }
      })
  },
  {
    id: "INT-5",
    needs: ["media", "renegotiation"],
    says: "either end holds and resumes",
    run: (stage) =>
      Effect.gen(function*() {
        const calls = yield* connect(stage, "left")
        for (const end of each(calls)) {
          yield* end.call.hold
          for (const one of each(calls)) for (const slot of ["microphone", "camera"] as const) yield* one.untilSilent(slot)
          yield* end.call.resume
          yield* flows(calls)
        }
        yield* settled(calls)
      })
  },
  {
    id: "INT-6",
    needs: ["media", "renegotiation", "rollback"],
    says: "both switch their cameras on at the same moment: both are seen",
    run: (stage) =>
      Effect.gen(function*() {
        const calls = yield* connect(stage, "left", { send: { camera: "off" } })
        yield* Effect.forEach(each(calls), ({ call }) => call.setMedia({ send: { camera: "on" } }), { concurrency: 2 })
        yield* flows(calls)
        yield* settled(calls)
      })
  },
  {
    id: "INT-7",
    needs: ["iceRestart", "renegotiation"],
    says: "ICE restarts, asked for by either end and by both at once, and the call goes on",
    run: (stage) =>
      Effect.gen(function*() {
        const calls = yield* connect(stage, "right")
        for (const ends of [[calls.left], [calls.right], each(calls)]) {
          const round = (end: WatchedCall) => Effect.map(end.call.state, (state) => (state._tag === "Connected" ? state.local.ufrag : ""))
          const before = yield* Effect.forEach(each(calls), round)
          yield* Effect.forEach(ends, ({ call }) => call.restartIce, { concurrency: 2 })
          yield* until(
            { expected: "new ICE credentials at both ends", withinMs: 15_000 },
            Effect.map(Effect.forEach(each(calls), round), (now) => (now.every((ufrag, i) => ufrag !== before[i]) ? true : undefined))
          )
          yield* settled(calls)
          if (stage.common.media) yield* flows(calls, ["microphone"])
        }
      })
  }
]
