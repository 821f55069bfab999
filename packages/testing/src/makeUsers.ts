/** What the users of a simulated world do, and how it goes. For `openWorld`. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { Decisions } from "./Decisions.ts"
import type { Happening } from "./Simulated.ts"
import type { Stage } from "./Stage.ts"
import type { WorldOperation } from "./World.ts"

export interface Users extends Pick<Stage, "act" | "note" | "pause" | "until"> {
  readonly happenings: Array<Happening>
  readonly operations: ReadonlyArray<WorldOperation>
  /** Looks whether somebody waits for what is now. */
  readonly wakeWatchers: () => void
}

const whyOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

export const makeUsers = (
  { chancesOf, happens }: Decisions,
  nowMs: () => number,
  fork: (effect: Effect.Effect<unknown, unknown>) => Fiber.Fiber<unknown, unknown>
): Users => {
  const happenings: Array<Happening> = []
  const operations: Array<WorldOperation> = []
  const watchers = new Set<{ readonly holds: () => boolean; readonly wake: () => void }>()
  const note = (who: string, what: string) => {
    happenings.push({ atMs: nowMs(), who, what })
  }
  return {
    happenings,
    operations,
    note,
    act: (end, what, effect, must) => {
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
    },
    pause: (matter, minMs, maxMs) =>
      Effect.suspend(() => {
        const ms = chancesOf(matter).int(minMs, maxMs)
        const waits = ms > minMs && happens({ id: matter, atMs: nowMs(), who: "user", what: `${matter}: after ${ms} ms` })
        return Effect.sleep(waits ? ms : minMs)
      }),
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
