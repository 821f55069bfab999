/** The signaling messages, newest last, with what became of each. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { clearMessages, type LoggedMessage, messages } from "../model/messageLog.ts"

const filters = [
  { id: "all", label: "All", is: () => true },
  { id: "offers", label: "Offers and answers", is: ({ type }: LoggedMessage) => /^(offer|answer|hangup)/.test(type) },
  { id: "candidates", label: "Candidates", is: ({ type }: LoggedMessage) => type === "ice_candidate" },
  { id: "trouble", label: "Trouble", is: ({ outcome }: LoggedMessage) => outcome.kind === "warn" || outcome.kind === "bad" }
] as const

const mostShown = 150
const sizeWords = (size: number): string => (size < 1_000 ? `${size} B` : `${(size / 1_000).toFixed(1)} kB`)

/** A hangup that ends nothing here: the call goes on, and only those that could have taken it too are told. */
const asideOf = ({ direction, type }: LoggedMessage): string | undefined =>
  type === "hangup: answered_elsewhere" ? `for ${direction === "out" ? "their" : "your"} other devices` : undefined

const Row = ({ message }: { readonly message: LoggedMessage }) => {
  const { atMs, direction, fate, outcome, peer, seq, size, type } = message
  const aside = asideOf(message)
  return (
    <li class={direction}>
      <span class="at">{(atMs / 1_000).toFixed(2)}</span>
      <span class="arrow" aria-hidden="true">{direction === "out" ? "→" : "←"}</span>
      <span class="unseen">{direction === "out" ? `to ${peer}` : `from ${peer}`}</span>
      <span class="said">
        <code title={direction === "out" ? `to ${peer}` : `from ${peer}`}>{type}</code>{" "}
        <span class="what">{seq === undefined ? "" : `#${seq} `}{sizeWords(size)}{aside !== undefined && <i> {aside}</i>}{fate !== undefined && fate !== outcome.word && <em> {fate}</em>}</span>
      </span>
      <span class={`outcome ${outcome.kind}`} title={outcome.why}>{outcome.word}</span>
    </li>
  )
}

export const Messages = () => {
  const filter = useSignal<(typeof filters)[number]["id"]>("all")
  const list = useRef<HTMLOListElement>(null)
  const isAtEnd = useRef(true)
  const { is } = filters.find(({ id }) => id === filter.value) ?? filters[0]
  const all = messages.value.filter(is)
  useEffect(() => {
    if (isAtEnd.current && list.current !== null) list.current.scrollTop = list.current.scrollHeight
  }, [all.length])
  return (
    <>
      <div class="row filter">
        <label class="unseen" for="message-filter">Which messages</label>
        <select id="message-filter" value={filter.value} onChange={(event) => (filter.value = event.currentTarget.value as typeof filter.value)}>
          {filters.map(({ id, label }) => <option key={id} value={id}>{label}</option>)}
        </select>
        <span class="faint grow">{all.length} of {messages.value.length}</span>
        <button type="button" class="quiet" disabled={messages.value.length === 0} onClick={clearMessages}>Clear</button>
      </div>
      {all.length === 0
        ? <p class="empty">{messages.value.length === 0 ? "Nothing has been said yet. Each message of a call appears here, in either direction, with what became of it." : "None of this kind."}</p>
        : (
          <ol
            class="log"
            ref={list}
            tabIndex={0}
            aria-label="Signaling messages"
            onScroll={({ currentTarget: { clientHeight, scrollHeight, scrollTop } }) => (isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24)}
          >
            {all.slice(-mostShown).map((message) => <Row key={message.n} message={message} />)}
          </ol>
        )}
    </>
  )
}
