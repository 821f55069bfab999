/** A call, or several at once: those whom one sees, oneself, and what one can do. */
import { useEffect, useRef } from "preact/hooks"
import type { ActiveCall } from "../model/ActiveCall.ts"
import { group } from "../model/store.ts"
import { CallControls } from "./CallControls.tsx"
import { PeerTile } from "./PeerTile.tsx"
import { SelfTile } from "./SelfTile.tsx"

export const CallView = ({ calls }: { readonly calls: ReadonlyArray<ActiveCall> }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  // Who has pressed "call" is where the call is now, also without looking.
  useEffect(() => heading.current?.focus(), [])
  const peers = calls.map(({ peer }) => peer).join(", ")
  return (
    <section class="call" aria-labelledby="call-title">
      <h2 id="call-title" class="unseen" ref={heading} tabIndex={-1}>{group.isIn.value ? "Group call" : "Call"} with {peers}</h2>
      <div class={`tiles of-${Math.min(calls.length, 4)}`}>
        {calls.map((call) => <PeerTile key={call.openedId} call={call} isAlone={calls.length === 1} />)}
        <SelfTile />
      </div>
      <CallControls calls={calls} />
    </section>
  )
}
