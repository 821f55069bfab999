/** Which call is looked at; saving its trace, and replaying one step by step, forwards and back. */
import { useRef } from "preact/hooks"
import { BackIcon, ForwardIcon } from "../view/icons.tsx"
import { chosenTrace, closeReplay, currentTrace, liveTraces, openTrace, replayed, replayLive, saveTrace, seek, traceProblem } from "../model/traces.ts"

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

export const Traces = () => {
  const file = useRef<HTMLInputElement>(null)
  const trace = currentTrace.value
  return (
    <>
      <div class="row">
        {liveTraces.value.length > 1 && (
          <select aria-label="Call" value={trace?.callId ?? ""} onChange={(event) => (chosenTrace.value = event.currentTarget.value)}>
            {liveTraces.value.map(({ callId, startedAt }) => <option key={callId} value={callId}>{startedAt.toLocaleTimeString()}</option>)}
          </select>
        )}
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
