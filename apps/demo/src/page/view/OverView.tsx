/** A call is over, and not by its user's own doing: why, and what next. */
import { useEffect, useRef } from "preact/hooks"
import { callPeer, group, over, type OverCall, peers } from "../model/store.ts"
import { clockWords, endWords } from "../model/words.ts"
import { Avatar } from "./Avatar.tsx"
import { JoinGroup } from "./Group.tsx"
import { PhoneIcon } from "./icons.tsx"

export const OverView = ({ call }: { readonly call: OverCall }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const words = endWords(call.end, call.peer, call.upMs !== undefined)
  const members = group.members.value
  const isHere = peers.value.some(({ name }) => name === call.peer)
  return (
    <section class="card over" aria-labelledby="over-title">
      <Avatar name={call.peer} />
      <h2 id="over-title" ref={heading} tabIndex={-1}>{words.title}</h2>
      {words.detail !== undefined && <p>{words.detail}</p>}
      {call.upMs !== undefined && <p class="faint">You were in the call for {clockWords(call.upMs)}.</p>}
      {!isHere && <p class="faint">{call.peer} is not in the room now.</p>}
      {members.length > 0 && <p class="faint">There is a group call: {members.join(", ")}.</p>}
      <div class="actions">
        <button type="button" onClick={() => (over.value = undefined)}>Back to the lobby</button>
        {members.length > 0 && <JoinGroup />}
        <button type="button" class="primary" disabled={!isHere} onClick={() => void callPeer(call.peer)}><PhoneIcon /> Call {call.peer} again</button>
      </div>
    </section>
  )
}
