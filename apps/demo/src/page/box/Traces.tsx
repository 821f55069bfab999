/** Which call is looked at; saving its trace, and replaying one step by step, forwards and back. */
import { useRef } from "preact/hooks"
import { BackIcon, ForwardIcon } from "../view/icons.tsx"
import { chosenTrace, closeReplay, currentTrace, type LiveTrace, liveTraces, openTrace, replayed, replayLive, saveTrace, seek, traceProblem } from "../model/traces.ts"

const Replay = () => {
  const now = replayed.value
  if (now === undefined) return null
  const { at, differsAt, name, steps } = now
  return (
    <div class="replay">
      <p><strong>Replay</strong> of {name} <button type="button" class="quiet" onClick={closeReplay}>Back to live</button></p>
      {differsAt !== undefined && <p class="notice warn">This machine decides step {differsAt + 1} otherwise than was recorded.</p>}
      <div class="row">
        <button type="button" class="square" aria-label="One step back" disabled={at === 0} onClick={() => seek(at - 1)}><BackIcon /></button>
        <input type="range" aria-label="Step" min={0} max={steps.length} value={at} aria-valuetext={`Step ${at} of ${steps.length}`} style={{ "--part": `${(100 * at) / Math.max(1, steps.length)}%` }}
          onInput={(event) => seek(event.currentTarget.valueAsNumber)} />
        <button type="button" class="square" aria-label="One step on" disabled={at === steps.length} onClick={() => seek(at + 1)}><ForwardIcon /></button>
        <output class="count">{at}/{steps.length}</output>
      </div>
    </div>
  )
}

/** Hours and minutes, and the seconds where another call has begun in the same minute. */
const timeOf = ({ callId, startedAt }: LiveTrace): string => {
  const minuteOf = (time: Date) => time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
  const isAlone = liveTraces.value.every((other) => other.callId === callId || minuteOf(other.startedAt) !== minuteOf(startedAt))
  return isAlone ? minuteOf(startedAt) : startedAt.toLocaleTimeString("en-GB")
}

export const Traces = () => {
  const file = useRef<HTMLInputElement>(null)
  const trace = currentTrace.value
  return (
    <>
      {liveTraces.value.length > 1 && (
        <label class="row">
          <span>Shown</span>
          <select class="grow" value={trace?.callId ?? ""} onChange={(event) => (chosenTrace.value = event.currentTarget.value)}>
            {liveTraces.value.map((one) => <option key={one.callId} value={one.callId}>Call of {timeOf(one)}</option>)}
          </select>
        </label>
      )}
      <div class="row">
        <button type="button" disabled={trace === undefined} onClick={() => trace && saveTrace(trace)}>Save the trace</button>
        <button type="button" disabled={trace === undefined || trace.steps.length === 0} onClick={() => trace && replayLive(trace)}>Replay it</button>
        <button type="button" class="quiet" onClick={() => file.current?.click()}>Open a trace…</button>
        <input
          ref={file}
          type="file"
          class="unseen"
          tabIndex={-1}
          aria-label="Trace file"
          accept=".jsonl,.json,.txt"
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? []
            if (chosen !== undefined) void openTrace(chosen)
            currentTarget.value = ""
          }}
        />
      </div>
      {traceProblem.value !== undefined && <p class="notice bad" role="alert">{traceProblem.value}</p>}
      <Replay />
    </>
  )
}
