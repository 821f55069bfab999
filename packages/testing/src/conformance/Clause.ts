/** One sentence of the contract between core and an engine, with what shows that it is kept. */
import type { Capabilities, WebRtcError } from "@enigma-rtc/core"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Bench } from "./Bench.ts"

/** An engine that does not do what a clause says. */
export class Violation extends Data.TaggedError("Violation")<{
  /** What the clause demands, in words. */
  readonly expected: string
  /** What the engine did. */
  readonly found: string
}> {
  override get message(): string {
    return `expected ${this.expected}, found ${this.found}`
  }
}

/** What the suite was given does not let it look: no verdict on the engine, and never a gap of it. */
export class SetUpFault extends Data.TaggedError("SetUpFault")<{
  readonly expected: string
  readonly found: string
}> {
  override get message(): string {
    return `the suite needs ${this.expected}, and has ${this.found}`
  }
}

/** Its hundreds tell what it is about; a number is never given again. */
export type ClauseId = `ENG-${number}`

/** A clause of the contract. */
export interface Clause {
  readonly id: ClauseId
  /** `must`: calls fail without it. `should`: they are worse without it. */
  readonly level: "must" | "should"
  /** Without these capabilities the clause says nothing. */
  readonly needs: ReadonlyArray<keyof Capabilities>
  /** The clause is about engines without this capability. */
  readonly lacks?: keyof Capabilities
  readonly says: string
  /** How long its check may take, all of its waits together. Default 40 s. */
  readonly limitMs?: number
  /** Counts what is open in the whole process: nothing else may run beside it. */
  readonly alone?: boolean
  readonly check: (bench: Bench) => Effect.Effect<void, Violation | SetUpFault | WebRtcError, Scope.Scope>
}
