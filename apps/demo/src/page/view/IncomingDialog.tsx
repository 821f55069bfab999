/** Somebody calls: take it, or not. */
import { useEffect, useRef } from "preact/hooks"
import type { ActiveCall } from "../model/ActiveCall.ts"
import { acceptCall, shownCalls } from "../model/store.ts"
import { Avatar } from "./Avatar.tsx"

const kindOf = ({ state }: ActiveCall): string => {
  const now = state.value
  if (now._tag !== "IncomingOffer") return "Call"
  return now.offered.video ? "Video call" : "Audio call"
}

export const IncomingDialog = ({ call }: { readonly call: ActiveCall }) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const accept = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    accept.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  const isBusy = shownCalls.value.length > 0
  return (
    <dialog
      ref={dialog}
      class="card incoming"
      aria-labelledby="incoming-title"
      aria-describedby="incoming-detail"
      // Only a decision ends it: a key pressed by chance does not.
      onCancel={(event) => event.preventDefault()}
    >
      <div class="rings"><Avatar name={call.peer} /></div>
      <h2 id="incoming-title">{call.peer} is calling</h2>
      <p id="incoming-detail" class="faint">
        {isBusy ? "You are in a call. Accept, and you are in both; they do not see or hear each other." : kindOf(call)}
      </p>
      <div class="actions">
        <button type="button" class="bad" onClick={() => void call.decline(isBusy ? "busy" : "declined")}>
          {isBusy ? "I am busy" : "Decline"} <kbd aria-hidden="true">D</kbd>
        </button>
        <button type="button" class="good" ref={accept} onClick={() => void acceptCall(call)}>Accept <kbd aria-hidden="true">A</kbd></button>
      </div>
    </dialog>
  )
}
