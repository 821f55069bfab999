/** What a conversation has to put on its channel now, and when it has to be asked again. */
import { type Owed, owed } from "./deliveryOwed.ts"
import { type Delivery, DeliveryLimits, findLine, type KeptMessage } from "./DeliveryState.ts"
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
const settle = <A>(delivery: Delivery<A>, { isDone }: Owed): Delivery<A> => {
  const first = delivery.kept.findIndex((kept) => !isDone(kept))
  const kept = first === -1 ? [] : delivery.kept.slice(first)
  const named = new Set(kept.map(({ message }) => message.call_id))
  const calls = delivery.calls.filter(({ id, overMs }) => overMs === undefined || named.has(id))
  return { ...delivery, kept, calls }
}

/** When `settle` may next have something to drop that is not acknowledged first. */
const lingersUntil = <A>({ calls, kept }: Delivery<A>, nowMs: number): ReadonlyArray<number> => {
  const named = new Set(kept.map(({ message }) => message.call_id))
  return calls
    .filter(({ id }) => named.has(id))
    .map(({ bound, overMs }) => (overMs ?? bound?.sinceMs ?? -Infinity) + DeliveryLimits.lingerMs)
    .filter((untilMs) => untilMs > nowMs)
}

/**
 * Everything to put on the channel now, and when to ask again. To be asked after each of the other functions, too.
 * A message goes out at once; then, while anybody who needs it has not acknowledged it, after 0.5 s, doubling to 4 s.
 */
export const poll = <A>(delivery: Delivery<A>, nowMs: number): Polled<A> => {
  const needs = owed(delivery, nowMs)
  const { addresseeOf, isDone, isWanted } = needs
  const settled = settle(delivery, needs)
  const isFresh = (kept: KeptMessage) => kept.sentMs === undefined && !isDone(kept)
  const due = settled.kept.filter((kept) => !isFresh(kept) && kept.dueMs <= nowMs && isWanted(kept))
  const sent = new Set([...settled.kept.filter(isFresh), ...due.slice(0, DeliveryLimits.resends)])
  const tooMuch = new Set(due.slice(DeliveryLimits.resends))

  const base = settled.kept[0]?.seq ?? settled.nextSeq
  const told = new Set<string>()
  const copyOf = (kept: KeptMessage): SignalingMessage => {
    const copy = { ...kept.message, from: settled.line, seq: kept.seq, base }
    const to = addresseeOf(kept)
    if (to === undefined) return copy
    const expected = findLine(settled, to)?.received?.expected
    if (expected === undefined) return { ...copy, to }
    told.add(to)
    return { ...copy, to, ack: expected }
  }
  const numbered = settled.kept.filter((kept) => sent.has(kept)).map(copyOf)
  const acks: Array<SignalingMessage> = []
  const lines = settled.lines.map((line) => {
    const { received } = line
    if (received?.ackDueMs === undefined || (received.ackDueMs > nowMs && !told.has(line.line))) return line
    const { ahead, expected } = received
    if (!told.has(line.line)) acks.push({ type: "ack", from: settled.line, to: line.line, ack: expected })
    return { ...line, received: { expected, ahead } }
  })
  const plain = settled.unnumbered.flatMap(({ dueMs, message }) => (dueMs <= nowMs ? [message] : []))
  const later = settled.unnumbered.filter(({ dueMs }) => dueMs > nowMs)
  const wakesMs = [...later.map(({ dueMs }) => dueMs), ...lines.flatMap(({ received }) => received?.ackDueMs ?? []), ...lingersUntil(settled, nowMs)]
  const kept = settled.kept.map((one) => {
    const next = sent.has(one)
      ? { ...one, sentMs: nowMs, dueMs: nowMs + one.waitMs, waitMs: Math.min(2 * one.waitMs, DeliveryLimits.longestWaitMs) }
      : tooMuch.has(one)
      ? { ...one, dueMs: nowMs + DeliveryLimits.paceMs }
      : one
    if (isWanted(one)) wakesMs.push(next.dueMs)
    return next
  })
  return {
    delivery: { ...settled, kept, lines, unnumbered: later },
    out: [...plain, ...numbered, ...acks],
    ...(wakesMs.length === 0 ? {} : { wakeMs: Math.min(...wakesMs) })
  }
}
