/** The room's link, to give to others. */
import { useSignal } from "@preact/signals"
import { useRef } from "preact/hooks"
import { announce } from "../model/announce.ts"
import { link } from "../model/store.ts"
import { CheckIcon, CopyIcon } from "./icons.tsx"

export const RoomLink = () => {
  const field = useRef<HTMLInputElement>(null)
  const isCopied = useSignal(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.value)
      isCopied.value = true
      announce("The link is copied.")
      setTimeout(() => (isCopied.value = false), 2_000)
    } catch {
      field.current?.select()
      announce("The browser does not let the page copy: the link is selected, copy it by hand.")
    }
  }
  return (
    <section class="card" aria-labelledby="link-title">
      <h2 id="link-title">Bring somebody</h2>
      <p class="faint">Who has this link can come into the room. It stays between you: what comes after the # is sent to no server.</p>
      <div class="row copy">
        <input ref={field} readOnly value={link.value} aria-label="Link to this room" onFocus={(event) => event.currentTarget.select()} />
        <button type="button" onClick={() => void copy()}>{isCopied.value ? <><CheckIcon /> Copied</> : <><CopyIcon /> Copy</>}</button>
      </div>
    </section>
  )
}
