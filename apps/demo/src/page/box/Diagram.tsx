/** The machine as it stands: its states, the arrow that was taken last, and what the table said. */
import type { StateTag } from "@enigma-rtc/core/call"
import { detailOf, type Step } from "../model/Step.ts"
import { shown } from "../model/traces.ts"
import { node, pathOf, places, size } from "./diagramLayout.ts"
import { edges } from "./edges.ts"

const states = Object.keys(places) as ReadonlyArray<StateTag>

/** What the table said; an input that is taken need not lead to another state. */
const verdictWords = { Moved: "moved", Ignored: "ignored", Rejected: "rejected", Broken: "unreadable" } as const

const sentence = ({ from, to, verdict, why }: Step): string =>
  verdict !== "Moved" ? why ?? "" : from === to ? `stays in ${to}` : `${from} → ${to}`

const LastStep = ({ step }: { readonly step: Step | undefined }) => {
  if (step === undefined) return <p class="last-step faint">The machine waits for its first input. Place a call, and watch it move.</p>
  return (
    <p class="last-step" aria-live="off">
      <span class={`verdict ${step.verdict.toLowerCase()}`}>{step.verdict === "Moved" && step.from === step.to ? "taken" : verdictWords[step.verdict]}</span>
      <code>{step.input._tag}</code>
      {detailOf(step.input) !== "" && <span class="faint">{detailOf(step.input)}</span>}
      <span class="why">{sentence(step)}</span>
    </p>
  )
}

export const Diagram = () => {
  const { at, state, steps } = shown.value
  const last = steps[at - 1]
  const moved = last !== undefined && last.verdict === "Moved" && last.from !== last.to ? last : undefined
  const visited = new Set(steps.slice(0, at).map((step) => `${step.from} ${step.to}`))
  return (
    <div class="diagram">
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={`The call’s state machine. It is in ${state}.`}>
        <defs>
          {["calm", "been", "taken"].map((kind) => (
            <marker key={kind} id={`arrow-${kind}`} class={kind} viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M1 1.5 9 5 1 8.5z" />
            </marker>
          ))}
        </defs>
        {edges.map(({ from, inputs, to }) => {
          const isTaken = moved?.from === from && moved.to === to
          const kind = isTaken ? "taken" : visited.has(`${from} ${to}`) ? "been" : "calm"
          return (
            <path key={`${from} ${to}`} class={`edge ${kind}`} d={pathOf(from, to)} marker-end={`url(#arrow-${kind})`}>
              <title>{`${from} → ${to}: ${inputs.join(", ")}`}</title>
            </path>
          )
        })}
        {moved !== undefined && <path key={`pulse ${at}`} class="pulse" d={pathOf(moved.from, moved.to)} pathLength={1} />}
        {states.map((tag) => {
          const [x, y] = places[tag]
          const isHere = tag === state
          return (
            <g key={tag} class={isHere ? "state here" : "state"} transform={`translate(${x} ${y})`} data-state={tag}>
              {isHere && last !== undefined && <rect key={`ring ${at}`} class={`ring ${last.verdict.toLowerCase()}`} x={-node.width / 2} y={-node.height / 2} width={node.width} height={node.height} rx={node.height / 2} />}
              <rect x={-node.width / 2} y={-node.height / 2} width={node.width} height={node.height} rx={node.height / 2} />
              <text dy="0.36em">{tag}</text>
            </g>
          )
        })}
      </svg>
      <LastStep step={last} />
    </div>
  )
}
