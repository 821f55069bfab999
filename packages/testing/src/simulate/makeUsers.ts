/** What the users of a simulated world do, and how it goes. For `openWorld`. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { Decisions } from "./Decisions.ts"
import type { Player, Ringing } from "./Player.ts"
import type { Happening } from "./Simulated.ts"
import type { Scenario, Stage } from "./Stage.ts"
import type { WorldOperation } from "./World.ts"

export interface Users extends Pick<Stage, "act" | "note" | "pause" | "until"> {
  /** A call rings: its user does what the scenario says, after a while. */
  readonly answer: (end: Player, call: Ringing, scenario: Scenario) => void
  /** The longest time that a user took for that, in milliseconds, since it was last forgotten. */
  readonly thoughtMs: () => number
  readonly forgetThought: () => void
  readonly happenings: Array<Happening>
  readonly operations: ReadonlyArray<WorldOperation>
  /** Looks whether somebody waits for what is now. */
  readonly wakeWatchers: () => void
}

const whyOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** How long a user takes at most to accept or decline a call. */
const slowestUserMs = 2_000

export const makeUsers = (
  decisions: Decisions,
  nowMs: () => number,
  fork: (effect: Effect.Effect<unknown, unknown>) => Fiber.Fiber<unknown, unknown>
): Users => {
  const { chancesOf, happens } = decisions
  const happenings: Array<Happening> = []
  const operations: Array<WorldOperation> = []
  const watchers = new Set<{ readonly holds: () => boolean; readonly wake: () => void }>()
  const note = (who: string, what: string) => {
    happenings.push({ atMs: nowMs(), who, what })
  }
  let thoughtMs = 0
  const act: Stage["act"] = (end, what, effect, must) => {
    const i = operations.length
    const operation: WorldOperation = { atMs: nowMs(), who: end.name, what, must, outcome: "pending", why: "" }
    operations.push(operation)
    note(end.name, what)
    fork(effect).addObserver((exit) => {
      const why = Exit.isSuccess(exit) ? "" : whyOf(exit.cause)
      const outcome = Exit.isSuccess(exit) ? "done" : Cause.hasDies(exit.cause) ? "died" : "refused"
      operations[i] = { ...operation, outcome, why }
      if (outcome !== "done") note(end.name, `${what}: ${outcome}: ${why}`)
    })
  }
  const pause: Stage["pause"] = (matter, minMs, maxMs) =>
    Effect.suspend(() => {
      const ms = chancesOf(matter).int(minMs, maxMs)
      const waits = ms > minMs && happens({ id: matter, atMs: nowMs(), who: "user", what: `${matter}: after ${ms} ms` })
      return Effect.sleep(waits ? ms : minMs)
    })
  return {
    happenings,
    operations,
    note,
    act,
    pause,
    thoughtMs: () => thoughtMs,
    forgetThought: () => {
      thoughtMs = 0
    },
    answer: (end, call, { reply }) => {
      note(end.name, "it rings")
      const matter = `${end.name} answers call ${end.calls.length}`
      const does = reply(decisions, end, matter)
      if (does === "lets it ring") return
      fork(Effect.gen(function*() {
        const before = nowMs()
        yield* pause(matter, 0, slowestUserMs)
        thoughtMs = Math.max(thoughtMs, nowMs() - before)
        // It may be over, or taken already: then there is nothing to press.
        if (call.isRinging()) act(end, does, does === "accepts" ? call.accept : call.decline, false)
      }))
    },
    until: (holds) =>
      Effect.callback((resume) => {
        if (holds()) return resume(Effect.void)
        watchers.add({ holds, wake: () => resume(Effect.void) })
      }),
    wakeWatchers: () => {
      for (const watcher of watchers) {
        if (!watcher.holds()) continue
        watchers.delete(watcher)
        watcher.wake()
      }
    }
  }
}
