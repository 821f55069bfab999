/** The traces of this tab's calls while they are written, and one that is replayed. For the glass box. */
import type { StateTag } from "@enigma-rtc/core/call"
import { decodeTrace, recordTrace, replay, type TraceEntry, type TraceHeader } from "@enigma-rtc/core/trace"
import { computed, signal } from "@preact/signals"
import { isTidyingUp, type Step, stepOf, stepsOf } from "./Step.ts"

export interface LiveTrace {
  /** The id that its call began with. */
  readonly callId: string
  readonly startedAt: Date
  readonly initial: StateTag
  /** As they go into a file. */
  readonly lines: ReadonlyArray<string>
  readonly steps: ReadonlyArray<Step>
}

/** A trace from a file, and where in it we are: 0 is before the first step. */
export interface ReplayedTrace {
  readonly name: string
  readonly initial: StateTag
  readonly steps: ReadonlyArray<Step>
  readonly at: number
  /** Set when this machine no longer says what was recorded. */
  readonly differsAt: number | undefined
}

const mostTraces = 12
/** Oldest first. */
export const liveTraces = signal<ReadonlyArray<LiveTrace>>([])
export const chosenTrace = signal<string | undefined>(undefined)
export const replayed = signal<ReplayedTrace | undefined>(undefined)
export const traceProblem = signal<string | undefined>(undefined)

const isOver = ({ initial, steps }: LiveTrace): boolean => (steps.at(-1)?.to ?? initial) === "Ended"
/**
 * The trace that is looked at: the chosen one, or else the newest of a call that is on, or else the newest. A call that moves has one
 * for each connection, and one that did not come about is over while the call goes on.
 */
export const currentTrace = computed(() => {
  const all = liveTraces.value
  return all.find(({ callId }) => callId === chosenTrace.value) ?? all.findLast((one) => !isOver(one)) ?? all.at(-1)
})

/** What the panel shows: steps so far, the state that they lead to. */
export interface Shown {
  readonly state: StateTag
  readonly steps: ReadonlyArray<Step>
  /** How many of them have happened. */
  readonly at: number
}
export const shown = computed<Shown>(() => {
  const old = replayed.value
  if (old !== undefined) return { steps: old.steps, at: old.at, state: old.steps[old.at - 1]?.to ?? old.initial }
  const live = currentTrace.value
  if (live === undefined) return { steps: [], at: 0, state: "Idle" }
  return { steps: live.steps, at: live.steps.length, state: live.steps.at(-1)?.to ?? live.initial }
})

/** Both kinds of line are JSON of our own making. */
const isHeader = (line: TraceHeader | TraceEntry): line is TraceHeader => "trace" in line

const take = (text: string, callId: string): void => {
  const line = JSON.parse(text) as TraceHeader | TraceEntry
  if (isHeader(line)) {
    const begun = { callId, startedAt: new Date(), initial: line.initial._tag, lines: [text], steps: [] }
    liveTraces.value = [...liveTraces.peek().slice(1 - mostTraces), begun]
    // A new call is what one wants to see.
    chosenTrace.value = undefined
    return
  }
  liveTraces.value = liveTraces.peek().map((one) => {
    if (one.callId !== callId) return one
    const step = stepOf(line, one.steps.at(-1)?.to ?? one.initial)
    return { ...one, lines: [...one.lines, text], steps: isTidyingUp(step) ? one.steps : [...one.steps, step] }
  })
}

/** For the line. Descriptions, addresses and reasons are redacted: a saved trace can be handed on. */
export const recorder = recordTrace(take)

/** Gives the browser a file to save. */
export const saveTrace = ({ callId, lines }: LiveTrace): void => {
  const url = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "application/jsonl" }))
  const link = Object.assign(document.createElement("a"), { href: url, download: `call-${callId.slice(0, 8)}.jsonl` })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

const open = (name: string, text: string): void => {
  const decoded = decodeTrace(text)
  if (decoded._tag === "Failure") {
    traceProblem.value = `This is no trace: ${name}, at ${decoded.failure.at}, should be ${decoded.failure.expected}.`
    return
  }
  const run = replay(decoded.success)
  traceProblem.value = undefined
  replayed.value = { name, initial: decoded.success.initial._tag, steps: stepsOf(run), at: 0, differsAt: run.difference?.index }
}

export const openTrace = async (file: File): Promise<void> => open(file.name, await file.text())
/** Replays what has just been recorded. */
export const replayLive = (trace: LiveTrace): void => open("this call", `${trace.lines.join("\n")}\n`)

export const seek = (at: number): void => {
  const old = replayed.peek()
  if (old !== undefined) replayed.value = { ...old, at: Math.max(0, Math.min(old.steps.length, at)) }
}
export const closeReplay = (): void => void (replayed.value = undefined)
