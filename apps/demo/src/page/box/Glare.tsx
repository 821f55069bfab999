/** A button that has both ends call at the same moment, and how that came out. */
import { useSignal } from "@preact/signals"
import { collisionIn } from "../model/collision.ts"
import { calls, glare, peers } from "../model/store.ts"
import { shown } from "../model/traces.ts"

const Outcome = () => {
  if (glare.state.value === "asking") return <p class="faint">Asking the other end to call at the same moment…</p>
  if (glare.state.value === "unanswered") return <p class="faint">The other end did not answer that it would. Is it this page, of this version?</p>
  const found = collisionIn(shown.value.steps)
  if (found === undefined) return <p class="faint">Two offers cross on their way. One call has to remain, and both ends must agree which.</p>
  return (
    <p>
      <span class="verdict moved">one call</span>{" "}
      {found.isOurs ? "Both called. Ours went on; theirs was given up, since our line sorts before theirs." : "Both called. Theirs went on; ours was given up for it."}
      <span class="faint"> Step {found.at} of this call.</span>
    </p>
  )
}

export const Glare = () => {
  const chosen = useSignal("")
  const names = peers.value.map(({ name }) => name)
  const first = calls.value[0]?.peer ?? names[0] ?? ""
  const peer = names.includes(chosen.value) ? chosen.value : first
  return (
    <>
      <div class="row">
        <label class="unseen" for="glare-peer">With whom</label>
        <select id="glare-peer" value={peer} disabled={names.length === 0} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          {names.length === 0 && <option value="">Nobody is here</option>}
          {names.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
        <button type="button" disabled={peer === ""} onClick={() => void glare.force(peer)}>Both call at once</button>
      </div>
      <Outcome />
    </>
  )
}
