/** The glass box: what the library does while one calls. */
import type { ComponentChildren } from "preact"
import { replayed } from "../model/traces.ts"
import { CloseIcon } from "../view/icons.tsx"
import { isBoxOpen } from "../view/panels.ts"
import { Diagram } from "./Diagram.tsx"
import { Glare } from "./Glare.tsx"
import { Messages } from "./Messages.tsx"
import { Plots } from "./Plots.tsx"
import { Steps } from "./Steps.tsx"
import { Traces } from "./Traces.tsx"
import { Worsen } from "./Worsen.tsx"

interface PanelProps {
  readonly title: string
  readonly isOpen?: boolean
  readonly children: ComponentChildren
}
const Panel = ({ children, isOpen = false, title }: PanelProps) => (
  <details class="panel" open={isOpen}>
    <summary><h3>{title}</h3></summary>
    <div class="panel-body">{children}</div>
  </details>
)

/** The arrows step through a replay, wherever in the box one is. */
const onKey = (event: KeyboardEvent) => {
  const now = replayed.peek()
  if (now === undefined || (event.target instanceof HTMLElement && event.target.matches("input, select"))) return
  const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0
  if (by === 0) return
  event.preventDefault()
  replayed.value = { ...now, at: Math.max(0, Math.min(now.steps.length, now.at + by)) }
}

export const GlassBox = () => (
  <aside id="glass-box" class={replayed.value === undefined ? "box" : "box replaying"} aria-labelledby="box-title" onKeyDown={onKey}>
    <header class="row">
      <h2 id="box-title">Glass box</h2>
      <span class="faint grow">{replayed.value === undefined ? "live" : "replay"}</span>
      <button type="button" class="quiet square" aria-label="Fold the glass box" onClick={() => (isBoxOpen.value = false)}><CloseIcon /></button>
    </header>
    <Panel title="State machine" isOpen>
      <Diagram />
      <Traces />
      <Steps />
    </Panel>
    <Panel title="Signaling" isOpen><Messages /></Panel>
    <Panel title="Make it worse" isOpen><Worsen /></Panel>
    <Panel title="Collide" isOpen><Glare /></Panel>
    <Panel title="Media" isOpen><Plots /></Panel>
  </aside>
)
