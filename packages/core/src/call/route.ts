/** Which call a message is for: one of those that are on with its peer, a new one, or none. For lines. */
import type { CallState } from "./CallState.ts"
import { partnerOf } from "./replace.ts"

/** A call that is on with a peer. */
export interface OpenCall {
  readonly id: string
  readonly state: CallState
  /** The call whose place it is to take, or has taken. */
  readonly replaces?: string
}

/** What a message's way is decided by. */
export interface Addressed {
  readonly type: "offer" | "answer" | "ice_candidate" | "hangup"
  /** The call that it names, if it names one. */
  readonly callId?: string
  /** The call whose place an offer's is to take. */
  readonly replaces?: string
  /** The line that numbered it. */
  readonly line?: string
}

/** Where a message goes. */
export type Route =
  | { readonly _tag: "ToCall"; readonly id: string }
  /** An offer from a peer that we are calling: that call decides which of the two goes on. */
  | { readonly _tag: "Collides"; readonly id: string }
  | { readonly _tag: "Rings" }
  /** An offer for a call that takes the place of this one: it is accepted by itself. */
  | { readonly _tag: "Replaces"; readonly id: string }
  /** An offer for a call that is to take the place of one that is not on. It must not ring. */
  | { readonly _tag: "ReplacesNone" }
  /** It came before its offer. */
  | { readonly _tag: "Early" }
  | { readonly _tag: "Stale"; readonly why: string }

/** Does this call of ours wait for the peer, and for none of its lines in particular? */
const isOpenToCollision = ({ state }: OpenCall): boolean =>
  state._tag === "CreatingOffer" || (state._tag === "WaitingAnswer" && state.phase._tag === "Waiting")

const isLeaving = ({ _tag }: CallState): boolean => _tag === "Ending" || _tag === "Ended"

/** Decides where a message goes. `calls` are those that are on with its peer, oldest first. */
export const route = (
  { callId, line, replaces, type }: Addressed,
  calls: ReadonlyArray<OpenCall>,
  hasEnded: (callId: string) => boolean
): Route => {
  const named = callId === undefined ? undefined : calls.find(({ id }) => id === callId)
  if (named !== undefined) return { _tag: "ToCall", id: named.id }
  if (callId !== undefined && hasEnded(callId)) return { _tag: "Stale", why: "the call has ended" }
  if (type === "offer") {
    const on = line === undefined ? undefined : calls.find(({ id, state }) => id === replaces && partnerOf(state) === line)
    if (replaces !== undefined && on === undefined) return { _tag: "ReplacesNone" }
    // Of two calls that replace the same one, one goes on; and one that replaces none is none of their affair.
    const ours = calls.find((call) => isOpenToCollision(call) && call.replaces === replaces)
    if (ours !== undefined) return { _tag: "Collides", id: ours.id }
    if (on !== undefined) {
      const isMoving = calls.some((call) => call.replaces === replaces && !isLeaving(call.state))
      return isMoving ? { _tag: "ReplacesNone" } : { _tag: "Replaces", id: on.id }
    }
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
