/** One input in, one verdict out. Pure: the same arguments give the same answer, on any machine, for ever. */
import type { CallCommand } from "./CallCommand.ts"
import { type CallInput, operationOf } from "./CallInput.ts"
import type { CallState, StateTag } from "./CallState.ts"
import type { Cell } from "./table.ts"
import { transitions } from "./transitions.ts"

/** The state to go on with, and what to do, in order. */
export interface Moved {
  readonly _tag: "Moved"
  readonly state: CallState
  readonly commands: ReadonlyArray<CallCommand>
}
/** Legal and meaningless here; the state stays. */
export interface Ignored {
  readonly _tag: "Ignored"
  readonly why: string
}
/** Illegal here; the state stays. */
export interface Rejected {
  readonly _tag: "Rejected"
  readonly why: string
  /** What the user may do in this state, by the names of `CallSession`. */
  readonly allowed: ReadonlyArray<string>
}
/** What the machine says to an input. */
export type Verdict = Moved | Ignored | Rejected

/** What may the user do in this state? Read from the table. */
export const allowedIn = (state: StateTag): ReadonlyArray<string> =>
  Object.entries(operationOf).flatMap(([input, operation]) => {
    const cell: ReadonlyArray<object> = transitions[state][input as keyof typeof operationOf]
    return cell.some((branch) => !("reject" in branch)) ? [operation] : []
  })

/**
 * Decides what an input does to a call. It acts on nothing: time, ids and results come in as inputs, and what is to be
 * done comes out as commands.
 */
export const step = (state: CallState, input: CallInput): Verdict => {
  // TypeScript cannot see that both keys belong to this state and this input.
  const cell = transitions[state._tag][input._tag] as Cell<CallState, CallInput>
  for (const branch of cell) {
    if (branch.when !== undefined && !branch.when(state, input)) continue
    if ("ignore" in branch) return { _tag: "Ignored", why: branch.ignore }
    if ("reject" in branch) return { _tag: "Rejected", why: branch.reject, allowed: allowedIn(state._tag) }
    const next = branch.next(state, input)
    const commands: Array<CallCommand> = []
    for (const emit of branch.emit ?? []) {
      // `next` is the state that this branch's `emit` was typed for.
      const command = (emit as (s: CallState, i: CallInput, n: CallState) => CallCommand | undefined)(state, input, next)
      if (command !== undefined) commands.push(command)
    }
    return { _tag: "Moved", state: next, commands }
  }
  throw new Error("a cell ends without a guard: this line cannot be reached")
}
