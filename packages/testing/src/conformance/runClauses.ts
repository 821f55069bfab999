/** Checks an engine clause by clause, without a test runner. */
import type { Capabilities } from "@enigma-rtc/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { makeBench } from "./Bench.ts"
import { type Clause, type ClauseId, Violation } from "./Clause.ts"
import { clauses as allClauses } from "./clauses/index.ts"
import type { EngineUnderTest } from "./EngineUnderTest.ts"

/** What became of a clause. */
export type Verdict =
  | { readonly _tag: "Kept" }
  | { readonly _tag: "Broken"; readonly message: string }
  /** Broken, as `knownGaps` says. */
  | { readonly _tag: "KnownGap"; readonly why: string; readonly message: string }
  /** Kept, though `knownGaps` says otherwise: its line must go. */
  | { readonly _tag: "StaleGap"; readonly why: string }
  /** The engine's capabilities exclude it. */
  | { readonly _tag: "Skipped"; readonly why: string }

export interface ClauseResult {
  readonly clause: Clause
  readonly verdict: Verdict
}

const defaultLimitMs = 15_000

/** The longest that a clause's check may take. */
export const limitOf = ({ limitMs = defaultLimitMs }: Clause): number => limitMs

/** Why an engine with these capabilities is not asked for a clause. */
export const whySkipped = ({ lacks, needs }: Clause, capabilities: Capabilities): string | undefined => {
  const missing = needs.filter((need) => !capabilities[need])
  if (missing.length > 0) return `without ${missing.join(", ")}`
  return lacks !== undefined && capabilities[lacks] ? `with ${lacks}` : undefined
}

/** Checks one clause on ends of its own: fails with what is wrong, in words. */
export const checkClause = (clause: Clause, engine: EngineUnderTest): Effect.Effect<void, Error> =>
  Effect.gen(function*() {
    const limitMs = limitOf(clause)
    const check = Effect.scoped(Effect.flatMap(makeBench(engine), clause.check))
    const exit = yield* Effect.exit(Effect.timeoutOrElse(check, {
      duration: limitMs,
      orElse: () => Effect.fail(new Violation({ expected: `all of it within ${limitMs} ms`, found: "it still runs" }))
    }))
    if (Exit.isSuccess(exit)) return
    const error = Cause.squash(exit.cause)
    const message = error instanceof Error ? error.message : String(error)
    return yield* Effect.fail(new Error(`${clause.id} ${clause.says}: ${message}`, { cause: error }))
  })

const judge = (clause: Clause, engine: EngineUnderTest): Effect.Effect<Verdict> => {
  const skipped = whySkipped(clause, engine.capabilities)
  if (skipped !== undefined) return Effect.succeed({ _tag: "Skipped", why: skipped })
  const why = engine.knownGaps?.[clause.id]
  return Effect.match(checkClause(clause, engine), {
    onFailure: ({ message }): Verdict => (why === undefined ? { _tag: "Broken", message } : { _tag: "KnownGap", why, message }),
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

/** Checks every clause; never fails. The results are in the order of the clauses. */
export const runClauses = (
  engine: EngineUnderTest,
  { concurrency = 4, only, onResult = () => {} }: RunOptions = {}
): Effect.Effect<ReadonlyArray<ClauseResult>> =>
  Effect.gen(function*() {
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
