/** Runs the machine over a trace once more: the same verdicts, on any machine. For finding out what happened. */
import type { CallInput } from "../call/CallInput.ts"
import type { CallState } from "../call/CallState.ts"
import { step, type Verdict } from "../call/step.ts"
import { type CallTrace, entryOf, type TraceEntry } from "./CallTrace.ts"

/** The machine has no answer to this: the trace was not written by it, or is damaged. The state stays. */
export interface Broken {
  readonly _tag: "Broken"
  readonly why: string
}

/** An entry of the trace, and what the machine says to it now. */
export interface Replayed {
  readonly entry: TraceEntry
  readonly before: CallState
  /** With the commands, if it moved. */
  readonly verdict: Verdict | Broken
  readonly state: CallState
}

/** Where the machine no longer says what the trace says. */
export interface Difference {
  /** The entry's place among the entries, from 0. */
  readonly index: number
  readonly recorded: { readonly verdict: string; readonly state: string }
  readonly replayed: { readonly verdict: string; readonly state: string }
}

/** A trace that has been run once more. */
export interface Replay {
  readonly trace: CallTrace
  readonly entries: ReadonlyArray<Replayed>
  /** The state in the end. */
  readonly state: CallState
  /** The first entry whose verdict or state is another now. Reasons are words, and may change. */
  readonly difference?: Difference
}

const decide = (state: CallState, input: CallInput): Verdict | Broken => {
  try {
    return step(state, input)
  } catch {
    // A trace may come from anywhere: that an input has every field that its name promises has not been checked.
    return { _tag: "Broken", why: "the machine cannot read this input in this state" }
  }
}

/** Runs the machine from the trace's first state over all its inputs. */
export const replay = (trace: CallTrace): Replay => {
  const entries: Array<Replayed> = []
  let state = trace.initial
  let difference: Difference | undefined
  for (const [index, entry] of trace.entries.entries()) {
    const before = state
    const verdict = decide(before, entry.input)
    if (verdict._tag === "Moved") state = verdict.state
    entries.push({ entry, before, verdict, state })
    if (verdict._tag === entry.verdict && state._tag === entry.state) continue
    difference ??= {
      index,
      recorded: { verdict: entry.verdict, state: entry.state },
      replayed: { verdict: verdict._tag, state: state._tag }
    }
  }
  return { trace, entries, state, ...(difference === undefined ? {} : { difference }) }
}

/** The trace with the verdicts and states that this machine gives; an entry that it cannot read stays as it was. */
export const recordAnew = (trace: CallTrace): CallTrace => ({
  ...trace,
  entries: replay(trace).entries.map(({ entry, state, verdict }) =>
    verdict._tag === "Broken" ? entry : entryOf(entry.atMs, entry.input, verdict, state)
  )
})
