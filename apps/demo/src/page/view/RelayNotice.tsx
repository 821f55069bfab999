/** How the page stands with its relay, when that is not well: in words, with what to do. */
import { join, name, room, roomKey, shownCalls } from "../model/store.ts"

const newRoom = () => {
  location.href = location.pathname
  roomKey.value = undefined
}

export const RelayNotice = () => {
  const state = room.value?.relay.value
  switch (state?._tag) {
    case "Away":
      return (
        <div class="notice warn" role="status">
          <p>
            <strong>{state.words}</strong> It is tried again by itself.
            {shownCalls.value.length > 0 ? " Calls that are on go on; new ones have to wait." : " You can call when it is back."}
          </p>
          <button type="button" onClick={() => room.value?.retryNow()}>Try now</button>
        </div>
      )
    case "Refused":
      return (
        <div class="notice bad" role="alert">
          <p><strong>{state.refusal.words}</strong></p>
          {state.refusal.code === "replaced" && <button type="button" onClick={() => void join(name.value)}>Use this tab instead</button>}
          {state.refusal.code === "bad-token" && <button type="button" onClick={newRoom}>Open a new room</button>}
        </div>
      )
    case "Connecting":
    case "Connected":
    case undefined:
      return null
  }
}
