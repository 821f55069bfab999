/** How a call's media goes, and the switch for it: from peer to peer, or through the SFU. */
import { useRef } from "preact/hooks"
import type { ActiveCall } from "../model/ActiveCall.ts"
import { p2p, sfu, wordsOf } from "../model/engines.ts"
import { group, groupTrouble, room, ways } from "../model/store.ts"

interface WayProps {
  readonly calls: ReadonlyArray<ActiveCall>
}

/** A group has a way for all of it; a call of it may have had to take another. */
const GroupWay = ({ calls }: WayProps) => {
  const direct = calls.filter(({ engine }) => engine.value === p2p).map(({ peer }) => peer)
  const isMixed = direct.length > 0 && direct.length < calls.length
  return (
    <p class="faint">
      {groupTrouble.value !== undefined && `${groupTrouble.value}. `}
      Media goes {wordsOf(isMixed ? sfu : calls[0]?.engine.value ?? p2p)}{isMixed && `, with ${direct.join(", ")} peer to peer`}
    </p>
  )
}

const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 } as const

const Switch = ({ calls }: WayProps) => {
  const radios = useRef<HTMLDivElement>(null)
  const on = new Set(calls.map(({ engine }) => engine.value))
  const now = on.size === 1 ? [...on][0] : undefined
  const target = calls.map((call) => call.target.value).find((engine) => engine !== undefined)
  const isUp = calls.some(({ state }) => state.value._tag === "Connected")
  const isOff = !isUp || target !== undefined
  const move = (engine: string) => {
    if (!isOff) for (const call of calls) void call.move(engine)
  }
  const onKey = (event: KeyboardEvent) => {
    const by = Object.hasOwn(step, event.key) ? step[event.key as keyof typeof step] : 0
    // With these they are the browser's, such as for the page before.
    if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const buttons = [...(radios.current?.querySelectorAll("button") ?? [])]
    const next = buttons.at((buttons.indexOf(document.activeElement as HTMLButtonElement) + by) % buttons.length)
    next?.focus()
    next?.click()
  }
  // Whoever is about to choose need not wait for all of it.
  const prepare = () => void (isUp && room.peek()?.prepareSfu())
  const said = calls.map((call) => call.said.value).find((words) => words !== undefined)
  return (
    <>
      <div class="way">
        <span class="way-label faint" aria-hidden="true">{target === undefined ? "Media goes" : "Moving…"}</span>
        <div class="segments" role="radiogroup" aria-label="Media goes" ref={radios} onKeyDown={onKey} onPointerEnter={prepare} onFocusIn={prepare}>
          {ways.value.map(({ engine, label }, i) => (
            <button
              key={engine}
              type="button"
              role="radio"
              aria-checked={engine === now}
              aria-disabled={isOff}
              aria-busy={engine === target}
              tabIndex={engine === now || (now === undefined && i === 0) ? 0 : -1}
              onClick={() => move(engine)}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      {/* Said aloud by `announce`. */}
      {said !== undefined && <p class="way-words">{said}</p>}
    </>
  )
}

export const MediaWay = ({ calls }: WayProps) => {
  if (ways.value.length < 2) return null
  return group.isIn.value ? <GroupWay calls={calls} /> : <Switch calls={calls} />
}
