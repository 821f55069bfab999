/** Candidates and hangups that came before the offer of their call: kept for a while, within bounds. For `CallLine`. */
import type { HangupMessage, IceCandidateMessage } from "../signaling/SignalingMessage.ts"

type EarlyMessage = IceCandidateMessage | HangupMessage

export interface EarlyMessages {
  /** Is it kept? */
  readonly keep: (peer: string, message: EarlyMessage) => boolean
  /** Has an offer that names no call come from this peer before, a short while ago? It is known by its origin. */
  readonly isRepeatedOffer: (peer: string, origin: string) => boolean
  /**
   * A call with this peer has ended. A hangup that names no call and comes now is that call's, once more or too late,
   * and is not kept for the next one.
   */
  readonly callEnded: (peer: string) => void
  /** What was kept for a call, in the order of arrival; it is kept no longer. */
  readonly take: (peer: string, callId: string | undefined) => ReadonlyArray<EarlyMessage>
}

const maxCalls = 16
/** So that no peer makes the others' be forgotten. */
const maxCallsOfPeer = 2
const maxMessages = 64
/** A peer that names no call could otherwise have a candidate of its last call taken for its next. */
const longestMs = 10_000
/** A hangup that names no call is kept for less, and not at all right after a call. */
const longestNamelessMs = 2_000
const afterCallMs = 5_000
const maxEndedPeers = 64
/** A repeat comes soon; later an app that always writes the same origin calls again. */
const repeatMs = 60_000
const maxOffers = 64

interface Kept {
  readonly peer: string
  readonly sinceMs: number
  readonly messages: Array<{ readonly message: EarlyMessage; readonly atMs: number }>
}

export const makeEarlyMessages = (nowMs: () => number): EarlyMessages => {
  // In the order in which the calls were first heard of.
  const kept = new Map<string, Kept>()
  /** When the last call with a peer ended. */
  const endedMs = new Map<string, number>()
  /** When an offer that names no call first came. */
  const offeredMs = new Map<string, number>()
  const isNamelessEnd = (message: EarlyMessage) => message.type === "hangup" && message.call_id === undefined
  const keyOf = (peer: string, callId: string | undefined) => JSON.stringify([peer, callId])
  const forget = () => {
    const oldestMs = nowMs() - longestMs
    for (const [key, { sinceMs }] of kept) if (sinceMs < oldestMs) kept.delete(key)
  }
  /** Forgets the first that match, until no more than so many do. */
  const shrink = (most: number, matches: (call: Kept) => boolean) => {
    let excess = [...kept.values()].filter(matches).length - most
    for (const [key, call] of kept) {
      if (excess <= 0) return
      if (!matches(call)) continue
      kept.delete(key)
      excess--
    }
  }
  return {
    isRepeatedOffer: (peer, origin) => {
      const key = JSON.stringify([peer, origin])
      const isRepeated = nowMs() - (offeredMs.get(key) ?? -Infinity) < repeatMs
      if (!isRepeated) {
        offeredMs.delete(key)
        offeredMs.set(key, nowMs())
        const [oldest] = offeredMs.keys()
        if (oldest !== undefined && offeredMs.size > maxOffers) offeredMs.delete(oldest)
      }
      return isRepeated
    },
    callEnded: (peer) => {
      endedMs.delete(peer)
      endedMs.set(peer, nowMs())
      const [oldest] = endedMs.keys()
      if (oldest !== undefined && endedMs.size > maxEndedPeers) endedMs.delete(oldest)
    },
    keep: (peer, message) => {
      forget()
      if (isNamelessEnd(message) && nowMs() - (endedMs.get(peer) ?? -Infinity) < afterCallMs) return false
      const key = keyOf(peer, message.call_id)
      const call = kept.get(key) ?? { peer, sinceMs: nowMs(), messages: [] }
      kept.set(key, call)
      const isKept = call.messages.length < maxMessages
      if (isKept) call.messages.push({ message, atMs: nowMs() })
      shrink(maxCallsOfPeer, (one) => one.peer === peer)
      shrink(maxCalls, () => true)
      return isKept
    },
    take: (peer, callId) => {
      forget()
      const key = keyOf(peer, callId)
      const messages = kept.get(key)?.messages ?? []
      kept.delete(key)
      const oldestMs = nowMs() - longestNamelessMs
      return messages.flatMap(({ atMs, message }) => (isNamelessEnd(message) && atMs < oldestMs ? [] : [message]))
    }
  }
}
