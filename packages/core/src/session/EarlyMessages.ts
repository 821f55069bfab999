/** Candidates that came before the offer of their call: kept for a while, within bounds. For `CallLine`. */
import type { IceCandidateMessage } from "../signaling/SignalingMessage.ts"

export interface EarlyMessages {
  readonly keep: (peer: string, message: IceCandidateMessage) => void
  /** What was kept for a call, in the order of arrival; it is kept no longer. */
  readonly take: (peer: string, callId: string | undefined) => ReadonlyArray<IceCandidateMessage>
}

const maxCalls = 16
/** So that no peer makes the others' be forgotten. */
const maxCallsOfPeer = 2
const maxMessages = 64
/** A peer that names no call could otherwise have a candidate of its last call taken for its next. */
const longestMs = 10_000

interface Kept {
  readonly peer: string
  readonly sinceMs: number
  readonly messages: Array<IceCandidateMessage>
}

export const makeEarlyMessages = (nowMs: () => number): EarlyMessages => {
  // In the order in which the calls were first heard of.
  const kept = new Map<string, Kept>()
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
    keep: (peer, message) => {
      forget()
      const key = keyOf(peer, message.call_id)
      const call = kept.get(key) ?? { peer, sinceMs: nowMs(), messages: [] }
      kept.set(key, call)
      if (call.messages.length < maxMessages) call.messages.push(message)
      shrink(maxCallsOfPeer, (one) => one.peer === peer)
      shrink(maxCalls, () => true)
    },
    take: (peer, callId) => {
      forget()
      const key = keyOf(peer, callId)
      const messages = kept.get(key)?.messages ?? []
      kept.delete(key)
      return messages
    }
  }
}
