/** Which call a message is for: one of those that are on with its peer, a new one, or none. For lines. */
import type { CallState } from "./CallState.ts"

/** A call that is on with a peer. */
export interface OpenCall {
  readonly id: string
  readonly state: CallState
}

/** What a message's way is decided by. */
export interface Addressed {
  readonly type: "offer" | "answer" | "ice_candidate" | "hangup"
  /** The call that it names, if it names one. */
  readonly callId?: string
}

/** Where a message goes. */
export type Route =
  | { readonly _tag: "ToCall"; readonly id: string }
  /** An offer from a peer that we are calling: that call decides which of the two goes on. */
  | { readonly _tag: "Collides"; readonly id: string }
  | { readonly _tag: "Rings" }
  /** It came before its offer. */
  | { readonly _tag: "Early" }
  | { readonly _tag: "Stale"; readonly why: string }

/** Does this call of ours wait for the peer, and for none of its lines in particular? */
const isOpenToCollision = ({ state }: OpenCall): boolean =>
  state._tag === "CreatingOffer" || (state._tag === "WaitingAnswer" && state.phase._tag === "Waiting")

/** Decides where a message goes. `calls` are those that are on with its peer, oldest first. */
export const route = (
  { callId, type }: Addressed,
  calls: ReadonlyArray<OpenCall>,
  hasEnded: (callId: string) => boolean
): Route => {
  const named = callId === undefined ? undefined : calls.find(({ id }) => id === callId)
  if (named !== undefined) return { _tag: "ToCall", id: named.id }
  if (callId !== undefined && hasEnded(callId)) return { _tag: "Stale", why: "the call has ended" }
  if (type === "offer") {
    const ours = calls.find(isOpenToCollision)
    if (ours !== undefined) return { _tag: "Collides", id: ours.id }
  }
  // Who names no call means the one that is on; but an offer is not for one that we have just left.
  const last = calls.at(-1)
  const isLeft = type === "offer" && last?.state._tag === "Ending"
  if (callId === undefined && last !== undefined && !isLeft) return { _tag: "ToCall", id: last.id }
  switch (type) {
    case "offer":
      return { _tag: "Rings" }
    case "ice_candidate":
    case "hangup":
      return { _tag: "Early" }
    case "answer":
      return { _tag: "Stale", why: "there is no such call" }
  }
}
