/** One decision of a call's machine, live or replayed: what the diagram and the list of steps show. */
import type { CallInput, StateTag } from "@enigma-rtc/core/call"
import type { Replay, TraceEntry } from "@enigma-rtc/core/trace"

export interface Step {
  readonly atMs: number
  readonly input: CallInput
  readonly verdict: "Moved" | "Ignored" | "Rejected" | "Broken"
  readonly why: string | undefined
  readonly from: StateTag
  readonly to: StateTag
  /** What the machine asked to be done; only a replay knows. */
  readonly commands: ReadonlyArray<string>
}

/** With its scope a session hangs up, also when its call is over: that is its tidying up, and no step of the call. */
export const isTidyingUp = ({ from, input }: Step): boolean => from === "Ended" && input._tag === "UserHungUp"

/** A step as it has just been recorded. The machine that wrote it runs here: its states are ours. */
export const stepOf = (entry: TraceEntry, from: StateTag): Step => ({
  atMs: entry.atMs,
  input: entry.input,
  verdict: entry.verdict,
  why: entry.why,
  from,
  to: entry.state as StateTag,
  commands: []
})

export const stepsOf = (replay: Replay): ReadonlyArray<Step> =>
  replay.entries.map(({ before, entry, state, verdict }) => ({
    atMs: entry.atMs,
    input: entry.input,
    verdict: verdict._tag,
    why: "why" in verdict ? verdict.why : undefined,
    from: before._tag,
    to: state._tag,
    commands: "commands" in verdict ? verdict.commands.map(({ _tag }) => _tag) : []
  })).filter((step) => !isTidyingUp(step))

/** What tells this input from others of its name. */
export const detailOf = (input: CallInput): string => {
  switch (input._tag) {
    case "TimerFired":
      return input.timer
    case "UserHungUp":
    case "UserDeclined":
    case "PeerHungUp":
      return input.reason
    case "PeerOffered":
    case "PeerAnswered":
      return input.negotiation === undefined ? "" : `round ${input.negotiation}`
    case "EngineRefused":
    case "EngineLost":
    case "EngineFailed":
      return input.failure.operation
    case "UserCalled":
    case "UserAccepted":
    case "UserChangedMedia":
    case "UserRestartedIce":
    case "PeerTrickled":
    case "PeerRestarted":
    case "PeerGarbled":
    case "EngineOffered":
    case "EngineAnswered":
    case "EngineApplied":
    case "EngineRolledBack":
    case "EngineTrickled":
    case "EngineNeedsNegotiation":
    case "EngineUp":
    case "EngineInterrupted":
    case "EngineClosed":
      return ""
  }
}
