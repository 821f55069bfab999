/** A call's trace: the state that it began in and every input with its verdict. For apps that keep one, and for replay. */
import type { CallInput } from "../call/CallInput.ts"
import type { CallState } from "../call/CallState.ts"
import type { Verdict } from "../call/step.ts"

/** The first line of a trace. */
export interface TraceHeader {
  readonly trace: "enigma-rtc"
  readonly version: 1
  /** The id that the call began with; an offer may have named another. */
  readonly callId?: string
  /** The engine's name, such as `werift`. */
  readonly engine?: string
  /** The state before the first input. */
  readonly initial: CallState
}

/** Every other line: an input, and what the machine said to it. */
export interface TraceEntry {
  /** Milliseconds since the first entry. */
  readonly atMs: number
  readonly input: CallInput
  readonly verdict: Verdict["_tag"]
  /** Why it was ignored or rejected. */
  readonly why?: string
  /** The name of the state after it. A text: what recorded it may know other states than what reads it. */
  readonly state: string
}

/** A whole trace. */
export interface CallTrace {
  readonly callId?: string
  readonly engine?: string
  readonly initial: CallState
  readonly entries: ReadonlyArray<TraceEntry>
}

/** How large a trace may be that is read: in characters (UTF-16 code units), in entries, and in levels of JSON. */
export const TraceLimits = {
  text: 67_108_864,
  line: 1_048_576,
  entries: 100_000,
  depth: 32
} as const

/** The header of a trace. */
export const headerOf = ({ callId, engine, initial }: Omit<CallTrace, "entries">): TraceHeader => ({
  trace: "enigma-rtc",
  version: 1,
  ...(callId === undefined ? {} : { callId }),
  ...(engine === undefined ? {} : { engine }),
  initial
})

/** An entry for an input that the machine has just decided. */
export const entryOf = (atMs: number, input: CallInput, verdict: Verdict, state: CallState): TraceEntry => ({
  atMs,
  input,
  verdict: verdict._tag,
  ...(verdict._tag === "Moved" ? {} : { why: verdict.why }),
  state: state._tag
})

/** Writes a trace as JSON lines, each with its line feed: the header, and then an entry a line. */
export const encodeTrace = (trace: CallTrace): string =>
  [headerOf(trace), ...trace.entries].map((line) => `${JSON.stringify(line)}\n`).join("")
