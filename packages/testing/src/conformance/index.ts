/** `@enigma-rtc/testing/conformance`: the contract that every engine must keep, and its check without a test runner. */
export { type Bench, type Side } from "./Bench.ts"
export { type Clause, type ClauseId, Violation } from "./Clause.ts"
export { clauses } from "./clauses/index.ts"
export type { BreakablePath, EngineUnderTest, MediaUnderTest } from "./EngineUnderTest.ts"
export { type EngineChange, mockUnderTest } from "./mockUnderTest.ts"
export { checkClause, type ClauseResult, runClauses, type RunOptions, unknownGaps, type Verdict, whySkipped } from "./runClauses.ts"
