/** What the machine decided, one line for each input; in a replay, what is to come is pale. */
import { useEffect, useRef } from "preact/hooks"
import { detailOf } from "../model/Step.ts"
import { replayed, seek, shown } from "../model/traces.ts"

const mostShown = 200

export const Steps = () => {
  const list = useRef<HTMLOListElement>(null)
  const { at, steps } = shown.value
  const isReplay = replayed.value !== undefined
  const first = isReplay ? 0 : Math.max(0, steps.length - mostShown)
  useEffect(() => {
    const here = list.current?.querySelector<HTMLElement>("[aria-current]")
    if (here != null && list.current !== null) list.current.scrollTop = here.offsetTop - list.current.clientHeight / 2
  }, [at, steps])
  if (steps.length === 0) return <p class="empty">No call yet: every input that its machine decides is listed here, with the verdict.</p>
  return (
    <ol class="log steps" ref={list} tabIndex={0} aria-label="Inputs of the machine">
      {steps.slice(first).map((step, i) => {
        const n = first + i + 1
        return (
          <li key={n} class={n > at ? "to-come" : ""} aria-current={n === at ? "step" : undefined} onClick={() => isReplay && seek(n)}>
            <span class="at">{(step.atMs / 1_000).toFixed(2)}</span>
            <code>{step.input._tag}</code>
            <span class="what">{detailOf(step.input)}{step.commands.length > 0 && <span class="faint"> → {step.commands.join(", ")}</span>}</span>
            <span class={`verdict ${step.verdict === "Moved" && step.from === step.to ? "stays" : step.verdict.toLowerCase()}`} title={step.why}>{step.verdict === "Moved" ? (step.from === step.to ? "stays" : step.to) : step.verdict.toLowerCase()}</span>
          </li>
        )
      })}
    </ol>
  )
}
