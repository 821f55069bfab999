/** By which name others find one. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import { isName } from "../../relay/readMessage.ts"
import { RelayLimits } from "../../relay/protocol.ts"
import type { Room } from "../model/Room.ts"
import { join, name } from "../model/store.ts"

export const NameForm = ({ room }: { readonly room: Room | undefined }) => {
  const text = useSignal(name.value)
  const field = useRef<HTMLInputElement>(null)
  const state = room?.relay.value
  const isTaken = state?._tag === "Refused" && state.refusal.code === "name-taken"
  useEffect(() => {
    if (isTaken) field.current?.select()
  }, [isTaken])
  const wanted = text.value.trim()
  const isNew = wanted !== name.value || isTaken
  const isGood = isName(wanted)
  return (
    <form
      class="name"
      onSubmit={(event) => {
        event.preventDefault()
        if (isGood && isNew) void join(wanted)
      }}
    >
      <label class="field">
        <span>Your name</span>
        <input
          ref={field}
          value={text.value}
          maxLength={RelayLimits.name}
          autocomplete="nickname"
          spellcheck={false}
          aria-invalid={isTaken || !isGood}
          aria-describedby="name-hint"
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      {isNew && <button type="submit" class="primary" disabled={!isGood}>Use this name</button>}
      <p id="name-hint" class="faint">
        {!isGood
          ? "A name has letters, digits or signs, and at most 40 of them."
          : isTaken
          ? "Choose another name to come in."
          : state?._tag === "Connected"
          ? <><span class="dot good" /> You are in the room under this name.</>
          : "Entering the room…"}
      </p>
    </form>
  )
}
