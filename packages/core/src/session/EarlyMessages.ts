/** Candidates that came before the offer of their call: kept for a while, within bounds. For `CallLine`. */
import type { IceCandidateMessage } from "../signaling/SignalingMessage.ts"

export interface EarlyMessages {
  readonly keep: (peer: string, message: IceCandidateMessage) => void
  /** What was kept for a call, in the order of arrival; it is kept no longer. */
  readonly take: (peer: string, callId: string | undefined) => ReadonlyArray<IceCandidateMessage>
}

const maxCalls = 16
const maxMessages = 64
/** A peer that names no call could otherwise have a candidate of its last call taken for its next. */
const longestMs = 10_000

export const makeEarlyMessages = (nowMs: () => number): EarlyMessages => {
  const kept = new Map<string, { readonly sinceMs: number; readonly messages: Array<IceCandidateMessage> }>()
  const keyOf = (peer: string, callId: string | undefined) => JSON.stringify([peer, callId])
  const forget = () => {
    const oldestMs = nowMs() - longestMs
    for (const [key, { sinceMs }] of kept) if (sinceMs < oldestMs) kept.delete(key)
    for (const key of kept.keys()) {
      if (kept.size <= maxCalls) break
      kept.delete(key)
    }
  }
  return {
    keep: (peer, message) => {
      const key = keyOf(peer, message.call_id)
      const call = kept.get(key) ?? { sinceMs: nowMs(), messages: [] }
      kept.set(key, call)
      if (call.messages.length < maxMessages) call.messages.push(message)
      forget()
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
