/** A line's conversations, one for each peer's name. For `CallLine`. */
import * as Effect from "effect/Effect"
import type { SignalingMessage } from "../signaling/SignalingMessage.ts"
import { Conversation, type ConversationWorld } from "./Conversation.ts"

export interface Conversations {
  /** The conversation with this peer; a new one if there is none. */
  readonly of: (peer: string) => Conversation
  /** The channel is there again. */
  readonly returned: () => void
  /** Succeeds when all that is due has been sent, or the channel has failed to take it. */
  readonly flushed: Effect.Effect<void>
}

/** How many peers are remembered. Those with whom nothing is on go first. */
const maxPeers = 256

export const makeConversations = (
  world: Omit<ConversationWorld, "transmit"> & {
    readonly transmit: (message: SignalingMessage, peer: string) => Effect.Effect<void, unknown>
  }
): Conversations => {
  // In the order in which they were last spoken with.
  const all = new Map<string, Conversation>()
  /** Numbers go on where forgotten conversations ended: a peer would take them for repeats otherwise. */
  let nextSeq = 0
  const forget = (peer: string, conversation: Conversation) => {
    nextSeq = Math.max(nextSeq, conversation.nextSeq)
    all.delete(peer)
    conversation.forget()
  }
  const makeRoom = () => {
    if (all.size < maxPeers) return
    // A line has fewer calls than conversations, so that one without a call is there.
    const everyone = [...all]
    const [peer, conversation] = everyone.find(([, one]) => one.isAtRest) ?? everyone.find(([, one]) => !one.isLive) ?? []
    if (peer !== undefined && conversation !== undefined) forget(peer, conversation)
  }
  return {
    of: (peer) => {
      const known = all.get(peer)
      if (known === undefined) makeRoom()
      else all.delete(peer)
      const conversation = known ??
        new Conversation({ ...world, transmit: (message) => world.transmit(message, peer) }, nextSeq)
      all.set(peer, conversation)
      return conversation
    },
    returned: () => {
      for (const conversation of all.values()) conversation.returned()
    },
    flushed: Effect.suspend(() =>
      Effect.forEach([...all.values()], (conversation) => conversation.flushed, { concurrency: "unbounded", discard: true })
    )
  }
}
