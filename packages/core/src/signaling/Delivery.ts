/**
 * Delivery makes of a channel that loses, repeats and reorders a conversation in which every message arrives once and in
 * order. For lines, whose sessions come and go within it (SIG-1); pure: whoever holds it brings the time, puts on the
 * channel what `poll` gives, and asks again when it says.
 *
 * One `Delivery` is our line with one peer's name. A channel is addressed by that name, and every device of the peer,
 * each a line of its own, hears all that is sent to it. One sequence runs over all calls. Every copy says with `base`
 * what is still kept, and so what is not owed any more: abandoning leaves no gap, and `from` is the same for ever.
 */
import { newLine, withLine } from "./deliveryLines.ts"
import { type Delivery, type DeliveryCall, DeliveryLimits, findCall, findLine, type KeptMessage, type PostedMessage } from "./DeliveryState.ts"
import type { CallMessage, SignalingMessage } from "./SignalingMessage.ts"

export { poll, type Polled } from "./deliveryPoll.ts"
export { type Fate, type Incoming, receive, type Received } from "./deliveryReceive.ts"
export {
  type ArrivedMessage,
  type Delivery,
  type DeliveryCall,
  DeliveryLimits,
  type HeldMessage,
  type KeptMessage,
  type PeerLine,
  type PostedMessage,
  type ReceivedSoFar,
  type UnnumberedMessage
} from "./DeliveryState.ts"

/**
 * A conversation of this line in which nothing has been said. It should last as long as the line: who forgets it must
 * begin the next one with the same peer at the number that this one had reached, or what is posted is taken for a repeat.
 */
export const delivery = (line: string, nextSeq = 0): Delivery<never> => ({
  line,
  nextSeq,
  kept: [],
  unnumbered: [],
  calls: [],
  lines: []
})

/** Is as much kept as there should be? A hangup may be posted all the same. */
export const isFull = <A>(delivery: Delivery<A>): boolean => delivery.kept.length + delivery.unnumbered.length >= DeliveryLimits.kept

const isPlain = (call: DeliveryCall): boolean => call.bound !== undefined && call.bound.line === undefined

/** An empty candidate is refused by peers without delivery fields. */
const isEmpty = (message: CallMessage): boolean => message.type === "ice_candidate" && message.candidate === ""

/** Adds or replaces a call. Of too many, the one that has been over longest goes, or else the oldest. */
const withCall = <A>(delivery: Delivery<A>, call: DeliveryCall): Delivery<A> => {
  const index = delivery.calls.findIndex(({ id }) => id === call.id)
  if (index !== -1) return { ...delivery, calls: delivery.calls.with(index, call) }
  const excess =
    delivery.calls.length < DeliveryLimits.calls
      ? undefined
      : delivery.calls.find(({ overMs }) => overMs !== undefined) ?? delivery.calls[0]
  return { ...delivery, calls: [...delivery.calls.filter((one) => one !== excess), call] }
}

/** Posts a message of a call, which the first one makes known. It goes out at the next poll. */
export const post = <A>(delivery: Delivery<A>, message: PostedMessage, nowMs: number): Delivery<A> => {
  const call = findCall(delivery, message.call_id) ?? { id: message.call_id, sinceMs: nowMs, isHeard: false }
  const known = withCall(delivery, call)
  if (isPlain(call)) {
    const first = { message: { ...message, from: delivery.line }, dueMs: nowMs }
    // A candidate that overtakes its description is lost there.
    const again = message.type === "ice_candidate" ? [{ ...first, dueMs: nowMs + DeliveryLimits.onceMoreMs }] : []
    return { ...known, unnumbered: [...known.unnumbered, first, ...again] }
  }
  const kept = { seq: known.nextSeq, message, dueMs: nowMs, waitMs: DeliveryLimits.firstWaitMs }
  return { ...known, nextSeq: known.nextSeq + 1, kept: [...known.kept, kept] }
}

/**
 * The call is from now on with exactly this line of the peer, or, without a line, with a peer that has no delivery
 * fields. Such a peer gets its messages without numbers, and candidates twice: those so far once more now, since they may
 * have overtaken their offer, and then it has lost them.
 */
export const bind = <A>(delivery: Delivery<A>, callId: string, line: string | undefined, nowMs: number): Delivery<A> => {
  const call = findCall(delivery, callId) ?? { id: callId, sinceMs: nowMs, isHeard: false }
  if (call.overMs !== undefined || call.bound !== undefined) return delivery
  if (line !== undefined) {
    const known = withCall(delivery, { ...call, isHeard: true, bound: { line, sinceMs: nowMs } })
    return findLine(known, line) === undefined ? withLine(known, newLine(line, nowMs)) : known
  }
  const known = withCall(delivery, { ...call, bound: { sinceMs: nowMs } })
  const candidates = known.kept
    .map(({ message }) => message)
    .filter((message) => message.call_id === callId && message.type === "ice_candidate" && !isEmpty(message))
    .map((message) => ({ message: { ...message, from: delivery.line }, dueMs: nowMs }))
  return { ...known, unnumbered: [...known.unnumbered, ...candidates] }
}

/** The call has ended here, and its hangup, if there is one, has been posted. It is told for 32 s more. */
export const over = <A>(delivery: Delivery<A>, callId: string, nowMs: number): Delivery<A> => {
  const call = findCall(delivery, callId)
  if (call === undefined || call.overMs !== undefined) return delivery
  // A peer that names no calls would take a later copy for one of its next call.
  const unnumbered = delivery.unnumbered.filter(({ dueMs, message }) => dueMs <= nowMs || message.call_id !== callId)
  return withCall({ ...delivery, unnumbered }, { ...call, overMs: nowMs })
}

/** The channel has taken this message. A slow one took a while: the wait for the next copy begins now. */
export const taken = <A>(delivery: Delivery<A>, message: SignalingMessage, nowMs: number): Delivery<A> =>
  message.type === "ack" || message.seq === undefined
    ? delivery
    : {
      ...delivery,
      kept: waitingFrom(delivery.kept, message.seq, nowMs)
    }
const waitingFrom = (all: ReadonlyArray<KeptMessage>, seq: number, nowMs: number): ReadonlyArray<KeptMessage> => {
  // Numbers have no gaps.
  const index = seq - (all[0]?.seq ?? 0)
  const kept = all[index]
  if (kept?.sentMs === undefined || kept.sentMs >= nowMs) return all
  return all.with(index, { ...kept, sentMs: nowMs, dueMs: kept.dueMs + nowMs - kept.sentMs })
}

/** The channel is there again: all that is owed is due now, and waits are short again. */
export const channelReturned = <A>(delivery: Delivery<A>, nowMs: number): Delivery<A> => ({
  ...delivery,
  kept: delivery.kept.map((kept) => ({ ...kept, dueMs: nowMs, waitMs: DeliveryLimits.firstWaitMs })),
  lines: delivery.lines.map((line) =>
    line.received?.ackDueMs === undefined ? line : { ...line, received: { ...line.received, ackDueMs: nowMs } })
})
