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
  /** A move has failed here before its media were up: that they were up at the peer's end may still be told, and means nothing. */
  readonly isLapsed: boolean
}

/** What can happen to a call that moves. */
export type ReplaceInput =
  | "Begun"
  /** The next call's media are up, for the first time. */
  | "NextUp"
  /** The peer has sent `hangup(replaced)` for the call that is on: its end of the next one is up. */
  | "PeerUp"
  /** The next call ends, or the one that is on does, by itself or by anybody. */
  | "NextOver"
  | "CurrentOver"

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
export const notReplacing: Replacing = { isLapsed: false }

/**
 * Does the peer know of the next call? Its description has come. Whatever it said of the call before, and has come
 * earlier, belongs to a move before this one.
 */
export const isKnownToPeer = (next: CallState): boolean =>
  next._tag === "Connected" || next._tag === "IncomingOffer" || (next._tag === "WaitingAnswer" && next.phase._tag === "Applying")

/** Decides what an input does to a move. `isKnown`: see `isKnownToPeer`, of the next call. */
export const replaceStep = (
  state: Replacing,
  input: ReplaceInput,
  isKnown: boolean
): readonly [Replacing, ReadonlyArray<ReplaceAction>] => {
  const { isLapsed, next } = state
  const on = (change: Partial<NonNullable<Replacing["next"]>>): Replacing => ({
    next: { isUp: false, isPeerUp: false, ...next, ...change },
    isLapsed
  })
  switch (input) {
    case "Begun":
      return [on({}), []]
    case "NextUp":
      return next?.isPeerUp === true ? [notReplacing, ["TellPeer", "Move"]] : [on({ isUp: true }), ["TellPeer"]]
    case "PeerUp":
      if (next === undefined || !isKnown) return [state, isLapsed ? [] : ["EndCurrent"]]
      return next.isUp ? [notReplacing, ["Move"]] : [on({ isPeerUp: true }), []]
    case "NextOver":
      // A peer that was told that this end is up, and says the same, has gone on. One that was not told is back, too.
      return [{ isLapsed: next?.isUp === false && !next.isPeerUp }, []]
    case "CurrentOver":
      return [notReplacing, next === undefined ? [] : [isKnown ? "Carry" : "EndNext"]]
  }
}
