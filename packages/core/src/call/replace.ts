/** How one end of a call moves to a second call that replaces the first, make before break. Pure: for lines, and for the search. */
import type { CallState } from "./CallState.ts"

/** What an end knows of a move. */
export interface Replacing {
  /** A call is on its way that replaces the one that is on. */
  readonly next?: {
    /** Its media are up here, and the peer has been told so. */
    readonly isUp: boolean
    /** The peer has said so of its own end. */
    readonly isPeerUp: boolean
  }
  /** The last call that was on its way, was up here, and came to nothing: the peer, who was told, may have gone on to it. */
  readonly told?: string
}

/** What can happen to a call that moves. */
export type ReplaceInput =
  | { readonly _tag: "Begun" }
  /** The next call's media are up, for the first time. */
  | { readonly _tag: "NextUp" }
  /** The peer has sent `hangup(replaced)` for the call that is on: its end of this other call is up. */
  | { readonly _tag: "PeerUp"; readonly by: string }
  /** The next call ends, or the one that is on does, by itself or by anybody. */
  | { readonly _tag: "NextOver" }
  | { readonly _tag: "CurrentOver" }

/** What is to be done, in order. */
export type ReplaceAction =
  /** Send `hangup(replaced)` for the call that is on; it stays open. */
  | "TellPeer"
  /** The next call is the call from now on, and the one before is let go. */
  | "Move"
  /** The call that was on is over already, and the next one is all that there is. */
  | "Carry"
  /** The peer has gone on, and nothing is left to go on to: what was on is over. */
  | "EndCurrent"
  | "EndNext"

/** A call that does not move. */
export const notReplacing: Replacing = {}

/**
 * The line of the peer that a call is with, which can move it: from the moment that each end has the other's description,
 * though this one may still be applying the answer that its peer has begun to move with.
 */
export const partnerOf = (state: CallState): string | undefined =>
  state._tag === "Connected" || (state._tag === "WaitingAnswer" && state.phase._tag === "Applying") ? state.call.line : undefined

/** Does the peer know of the next call? Its description has come. */
export const isKnownToPeer = (next: CallState): boolean =>
  next._tag === "Connected" || next._tag === "IncomingOffer" || (next._tag === "WaitingAnswer" && next.phase._tag === "Applying")

/** Decides what an input does to a move. `nextCall` is the call that is on its way, if one is. */
export const replaceStep = (
  state: Replacing,
  input: ReplaceInput,
  nextCall?: { readonly id: string; readonly isKnown: boolean }
): readonly [Replacing, ReadonlyArray<ReplaceAction>] => {
  const { next, told } = state
  const on = (change: Partial<NonNullable<Replacing["next"]>>): Replacing => ({
    ...state,
    next: { isUp: false, isPeerUp: false, ...next, ...change }
  })
  switch (input._tag) {
    case "Begun":
      return [on({}), []]
    case "NextUp":
      return next?.isPeerUp === true ? [notReplacing, ["TellPeer", "Move"]] : [on({ isUp: true }), ["TellPeer"]]
    case "PeerUp":
      // Both were up, so that the peer has gone on; and here it came to nothing.
      if (input.by === told) return [state, ["EndCurrent"]]
      // Here it was never up: the peer is back, too, when it hears so.
      if (input.by !== nextCall?.id) return [state, []]
      return next?.isUp === true ? [notReplacing, ["Move"]] : [on({ isPeerUp: true }), []]
    case "NextOver":
      return [next?.isUp === true && nextCall !== undefined ? { told: nextCall.id } : told === undefined ? {} : { told }, []]
    case "CurrentOver":
      return [notReplacing, nextCall === undefined ? [] : [nextCall.isKnown ? "Carry" : "EndNext"]]
  }
}
