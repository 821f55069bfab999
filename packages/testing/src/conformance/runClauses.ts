/** Checks an engine clause by clause, without a test runner. */
import type { Capabilities } from "@enigma-rtc/core"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { makeBench } from "./Bench.ts"
import { type Clause, type ClauseId, SetUpFault, Violation } from "./Clause.ts"
import { clauses as allClauses } from "./clauses/index.ts"
import type { EngineUnderTest } from "./EngineUnderTest.ts"
import { CurrentWait } from "./until.ts"

/** What became of a clause. */
export type Verdict =
  | { readonly _tag: "Kept" }
  | { readonly _tag: "Broken"; readonly error: BrokenClause }
  /** Broken, as `knownGaps` says. */
  | { readonly _tag: "KnownGap"; readonly why: string; readonly error: BrokenClause }
  /** Kept, or not even asked for, though `knownGaps` says otherwise: its line must go. */
  | { readonly _tag: "StaleGap"; readonly why: string }
  /** The engine's capabilities exclude it. */
  | { readonly _tag: "Skipped"; readonly why: string }

/** A clause, and what became of it. */
export interface ClauseResult {
  readonly clause: Clause
  readonly verdict: Verdict
}

const defaultLimitMs = 40_000

/** The longest that a clause's check may take. */
export const limitOf = ({ limitMs = defaultLimitMs }: Clause): number => limitMs

/** Why an engine with these capabilities is not asked for a clause. */
export const whySkipped = ({ lacks, needs }: Clause, capabilities: Capabilities): string | undefined => {
  const missing = needs.filter((need) => !capabilities[need])
  if (missing.length > 0) return `without ${missing.join(", ")}`
  return lacks !== undefined && capabilities[lacks] ? `with ${lacks}` : undefined
}

/** Why a clause is broken. Its cause is what the check failed with: a `Violation`, a `SetUpFault`, or the engine's own error. */
export class BrokenClause extends Data.TaggedError("BrokenClause")<{ readonly clause: Clause; readonly cause: unknown }> {
  override get message(): string {
    const why = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `${this.clause.id} ${this.clause.says}: ${why}`
  }
}

/** Checks one clause on ends of its own. Settles within the clause's limit, whatever the engine does, also in closing. */
export const checkClause = (clause: Clause, engine: EngineUnderTest): Effect.Effect<void, BrokenClause> =>
  Effect.gen(function*() {
    const limitMs = limitOf(clause)
    const wait = { what: "the engine to open" }
    const check = Effect.scoped(Effect.flatMap(makeBench(engine), clause.check))
    // In a fiber of its own: an engine whose closing hangs would hold up an interruption, too.
    const fiber = yield* Effect.forkDetach(Effect.provideService(check, CurrentWait, wait))
    const leave = Effect.asVoid(Effect.forkDetach(Fiber.interrupt(fiber)))
    const exit = yield* Effect.onInterrupt(Effect.timeoutOption(Fiber.await(fiber), limitMs), () => leave)
    if (Option.isNone(exit)) {
      yield* leave
      const cause = new Violation({ expected: `all of it within ${limitMs} ms`, found: `it still runs, or closes; it waited for ${wait.what}` })
      return yield* new BrokenClause({ clause, cause })
    }
    if (Exit.isFailure(exit.value)) return yield* new BrokenClause({ clause, cause: Cause.squash(exit.value.cause) })
  })

/** The clause, with what its engine's capabilities and known gaps say of it. */
export const judge = (clause: Clause, engine: EngineUnderTest): Effect.Effect<Verdict> => {
  const why = engine.knownGaps?.[clause.id]
  const skipped = whySkipped(clause, engine.capabilities)
  if (skipped !== undefined) return Effect.succeed(why === undefined ? { _tag: "Skipped", why: skipped } : { _tag: "StaleGap", why })
  return Effect.match(checkClause(clause, engine), {
    onFailure: (error): Verdict =>
      why === undefined || error.cause instanceof SetUpFault ? { _tag: "Broken", error } : { _tag: "KnownGap", why, error },
    onSuccess: (): Verdict => (why === undefined ? { _tag: "Kept" } : { _tag: "StaleGap", why })
  })
}

/** The names in `knownGaps` that no clause has. */
export const unknownGaps = ({ knownGaps = {} }: EngineUnderTest): ReadonlyArray<string> =>
  Object.keys(knownGaps).filter((gap) => !allClauses.some(({ id }) => id === gap))

/** Which clauses to check, and how. */
export interface RunOptions {
  /** Default: all. */
  readonly only?: ReadonlyArray<ClauseId>
  /** How many at a time. Default 4. */
  readonly concurrency?: number
  /** Is told of each as soon as it is decided. */
  readonly onResult?: (result: ClauseResult) => void
}

/** Checks every clause. The results are in the order of the clauses. Dies of a known gap that no clause has. */
export const runClauses = (
  engine: EngineUnderTest,
  { concurrency = 4, only, onResult = () => {} }: RunOptions = {}
): Effect.Effect<ReadonlyArray<ClauseResult>> =>
  Effect.gen(function*() {
    const unknown = unknownGaps(engine)
    if (unknown.length > 0) return yield* Effect.die(new Error(`knownGaps names what is no clause: ${unknown.join(", ")}`))
    const asked = allClauses.filter(({ id }) => only === undefined || only.includes(id))
    const run = (clause: Clause) =>
      Effect.map(judge(clause, engine), (verdict) => {
        const result = { clause, verdict }
        onResult(result)
        return result
      })
    const [alone, together] = [asked.filter(({ alone = false }) => alone), asked.filter(({ alone = false }) => !alone)]
    const results = [
      ...(yield* Effect.forEach(together, run, { concurrency })),
      ...(yield* Effect.forEach(alone, run))
    ]
    return asked.flatMap((clause) => results.filter((result) => result.clause === clause))
  })
