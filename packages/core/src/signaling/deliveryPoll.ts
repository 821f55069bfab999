/** What a conversation has to put on its channel now, and when it has to be asked again. */
import { addresseeOf, owed } from "./deliveryOwed.ts"
import { type Delivery, DeliveryLimits, findCall, findLine, type KeptMessage } from "./DeliveryState.ts"
import type { SignalingMessage } from "./SignalingMessage.ts"

/** What `poll` gives. */
export interface Polled<A> {
  readonly delivery: Delivery<A>
  /** To be put on the channel, in this order. */
  readonly out: ReadonlyArray<SignalingMessage>
  /** When to poll again, if nothing happens before. Absent: nothing is left to be done. */
  readonly wakeMs?: number
}

/** Drops what is done with, from the front, for numbers have no gaps; and the calls that are over with it. */
const settle = <A>(delivery: Delivery<A>, nowMs: number): Delivery<A> => {
  const { isDone } = owed(delivery, nowMs)
  const first = delivery.kept.findIndex((kept) => !isDone(kept))
  const kept = first === -1 ? [] : delivery.kept.slice(first)
  const named = new Set(kept.map(({ message }) => message.call_id))
  const calls = delivery.calls.filter(({ id, overMs }) => overMs === undefined || named.has(id))
  return { ...delivery, kept, calls }
}

/** When `settle` may next have something to drop that is not acknowledged first. */
const lingersUntil = <A>({ calls, kept }: Delivery<A>): ReadonlyArray<number> => {
  const named = new Set(kept.map(({ message }) => message.call_id))
  return calls.flatMap(({ bound, id, overMs }) => {
    const sinceMs = overMs ?? bound?.sinceMs
    return sinceMs === undefined || !named.has(id) ? [] : [sinceMs + DeliveryLimits.lingerMs]
  })
}

/**
 * Everything to put on the channel now, and when to ask again. To be asked after each of the other functions, too.
 * A message goes out at once; then, while anybody who needs it has not acknowledged it, after 0.5 s, doubling to 4 s.
 */
export const poll = <A>(delivery: Delivery<A>, nowMs: number): Polled<A> => {
  const settled = settle(delivery, nowMs)
  const { isDone, isWanted } = owed(settled, nowMs)
  const isDue = ({ dueMs }: KeptMessage) => dueMs <= nowMs
  const isFresh = (kept: KeptMessage) => kept.sentMs === undefined && !isDone(kept)
  // The longest due first: in the order of numbers alone, those that a dead line lacks would hold up a living one's.
  const again = settled.kept
    .filter((kept) => !isFresh(kept) && isDue(kept) && isWanted(kept))
    .toSorted((a, b) => a.dueMs - b.dueMs || a.seq - b.seq)
    .slice(0, DeliveryLimits.resends)

  const base = settled.kept[0]?.seq ?? settled.nextSeq
  const told = new Set<string>()
  const copyOf = (kept: KeptMessage): SignalingMessage => {
    const copy = { ...kept.message, from: settled.line, seq: kept.seq, base }
    const to = addresseeOf(kept, findCall(settled, kept.message.call_id))
    if (to === undefined) return copy
    const expected = findLine(settled, to)?.received?.expected
    if (expected === undefined) return { ...copy, to }
    told.add(to)
    return { ...copy, to, ack: expected }
  }
  const sent = new Set([...settled.kept.filter(isFresh), ...again])
  const numbered = settled.kept.filter((kept) => sent.has(kept)).map(copyOf)
  const acks: Array<SignalingMessage> = []
  const lines = settled.lines.map((line) => {
    const { received } = line
    if (received?.ackDueMs === undefined || (received.ackDueMs > nowMs && !told.has(line.line))) return line
    const { ahead, expected } = received
    if (!told.has(line.line)) acks.push({ type: "ack", from: settled.line, to: line.line, ack: expected })
    return { ...line, received: { expected, ahead } }
  })
  const kept = settled.kept.map((one) =>
    sent.has(one)
      ? { ...one, sentMs: nowMs, dueMs: nowMs + one.waitMs, waitMs: Math.min(2 * one.waitMs, DeliveryLimits.longestWaitMs) }
      : one
  )
  const next: Delivery<A> = { ...settled, kept, lines, unnumbered: [] }

  const nowWanted = owed(next, nowMs).isWanted
  const wakesMs = [
    ...kept.filter(nowWanted).map((one) => (isDue(one) ? nowMs + DeliveryLimits.paceMs : one.dueMs)),
    ...lines.flatMap(({ received }) => received?.ackDueMs ?? []),
    ...lingersUntil(next).filter((untilMs) => untilMs > nowMs)
  ]
  return {
    delivery: next,
    out: [...settled.unnumbered, ...numbered, ...acks],
    ...(wakesMs.length === 0 ? {} : { wakeMs: Math.min(...wakesMs) })
  }
}
