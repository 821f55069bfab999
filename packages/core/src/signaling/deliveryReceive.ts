/** What becomes of a message that comes in: given out once and in order, held, or not for us. The rules SIG-1 to SIG-9. */
import type { Envelope } from "./codec.ts"
import { admit, isEarlierSelf } from "./deliveryLines.ts"
import {
  type ArrivedMessage,
  type Delivery,
  DeliveryLimits,
  findLine,
  type HeldMessage,
  type KeptMessage,
  type PeerLine,
  type ReceivedSoFar
} from "./DeliveryState.ts"

/** What became of a message that came in. */
export type Fate =
  /** It is given out, with all that it held up. */
  | { readonly _tag: "Arrived" }
  /** From a peer without delivery fields, or outside of any order: it is given out as it comes. */
  | { readonly _tag: "Plain" }
  /** An acknowledgement, which is for `Delivery` only. */
  | { readonly _tag: "Acked" }
  /** It overtook another, and waits for it. */
  | { readonly _tag: "Held" }
  /** It has come before. */
  | { readonly _tag: "Repeated" }
  /** There is no room for it: it comes again. */
  | { readonly _tag: "Refused"; readonly why: string }
  /** It is not for us, or not any more. */
  | { readonly _tag: "Stale"; readonly why: string }

/** A text that came in: what is around it, what the caller made of it, and how many characters it had. */
export interface Incoming<A> extends ArrivedMessage<A> {
  readonly size: number
}

/** What `receive` gives. */
export interface Received<A> {
  readonly delivery: Delivery<A>
  readonly fate: Fate
  /** What is given out now, in order: exactly once for each message. It may be held ones only. */
  readonly arrived: ReadonlyArray<ArrivedMessage<A>>
  /** Lines whose device has started anew: the calls that are bound to them are over. */
  readonly superseded: ReadonlyArray<string>
}

const stale = <A>(delivery: Delivery<A>, why: string): Received<A> => ({
  delivery,
  fate: { _tag: "Stale", why },
  arrived: [],
  superseded: []
})

/** Makes copies from this number on due, as far as some line needs them, each 0.5 s after the last one. */
const hurry = (kept: ReadonlyArray<KeptMessage>, first: number, nowMs: number): ReadonlyArray<KeptMessage> =>
  kept.map((one) => {
    if (one.seq < first || one.sentMs === undefined) return one
    const soonestMs = Math.max(nowMs, one.sentMs + DeliveryLimits.firstWaitMs)
    return { ...one, dueMs: Math.min(one.dueMs, soonestMs), waitMs: DeliveryLimits.firstWaitMs }
  })

/** Counts an acknowledgement of ours that `line` sent. It never goes back. */
const acknowledge = <A>(delivery: Delivery<A>, line: PeerLine<A>, ack: number, nowMs: number): Delivery<A> => {
  if (ack <= line.acked) return delivery
  const lines = delivery.lines.map((one) => (one === line ? { ...line, acked: ack } : one))
  // It is there, so what it lacks need not wait; but what has just been sent may well be on its way.
  const kept = hurry(delivery.kept, ack, nowMs)
  return { ...delivery, lines, kept }
}

/** Where a line's messages begin for us: what is below was never for us, or is not owed any more. */
const startAt = ({ base, seq = 0, type }: Envelope): number | undefined =>
  base === undefined ? (type === "offer" ? seq : undefined) : Math.min(base, seq)

/** Puts one message in its place among those of its line. */
const take = <A>(
  before: ReceivedSoFar<A>,
  message: HeldMessage<A>,
  start: number,
  room: number
): { readonly received: ReceivedSoFar<A>; readonly fate: Fate; readonly arrived: ReadonlyArray<ArrivedMessage<A>> } => {
  const isKnown = message.seq < before.expected || before.ahead.some(({ seq }) => seq === message.seq)
  const isNext = message.seq === Math.max(before.expected, start)
  const isTooFar = message.seq > Math.max(before.expected, start) + DeliveryLimits.ahead
  const isTooLarge = !isNext && message.size > room
  const isKept = !isKnown && !isTooFar && !isTooLarge

  const ahead = isKept ? [...before.ahead, message].toSorted((a, b) => a.seq - b.seq) : before.ahead
  let expected = Math.max(before.expected, start)
  const given: Array<HeldMessage<A>> = []
  for (const held of ahead) {
    if (held.seq > expected) break
    given.push(held)
    expected = Math.max(expected, held.seq + 1)
  }
  return {
    received: { ...before, expected, ahead: ahead.slice(given.length) },
    fate: isKnown
      ? { _tag: "Repeated" }
      : isTooFar
      ? { _tag: "Refused", why: "too far ahead" }
      : isTooLarge
      ? { _tag: "Refused", why: "too much is held" }
      : { _tag: given.includes(message) ? "Arrived" : "Held" },
    arrived: given.flatMap(({ arrived }) => arrived ?? [])
  }
}

/**
 * Takes in a message of the peer. Its envelope is read before its body, whatever that is worth: a body that could not
 * be read has its place in the order too. Every copy of a numbered message is acknowledged, at the latest after 50 ms.
 */
export const receive = <A>(
  delivery: Delivery<A>,
  { body, envelope, size }: Incoming<A>,
  nowMs: number
): Received<A> => {
  const { ack, from, seq, to } = envelope
  if (from === delivery.line) return stale(delivery, "our own echo")
  const isAck = envelope.type === "ack"
  if (from === undefined || (seq === undefined && !isAck)) {
    return { delivery, fate: { _tag: "Plain" }, arrived: [{ envelope, body }], superseded: [] }
  }
  const received = findLine(delivery, from)?.received
  const isForEarlierSelf = !isAck && to !== undefined && isEarlierSelf(delivery.line, to)
  // The end of a call of what we were before is for us too: a late copy of its offer may have made us ring.
  const isForUs = to === delivery.line || (to === undefined && !isAck) || (isForEarlierSelf && envelope.type === "hangup")
  const isForOther = !isForUs
  // Who still speaks to what we were before we started anew must hear of us; from another device they need nothing.
  const isUnheard = received === undefined && !isForEarlierSelf
  if (isForOther && (isAck || isUnheard)) return stale(delivery, "for another line of this user")
  if (isAck && (ack === undefined || ack > delivery.nextSeq)) return stale(delivery, "of what was never sent")
  const start = startAt(envelope)
  if (!isAck && received === undefined && start === undefined) return stale(delivery, "its beginning is not known")

  const ours = ack !== undefined && to === delivery.line && ack <= delivery.nextSeq ? ack : 0
  const admission = admit(delivery, from, ours, nowMs)
  switch (admission._tag) {
    case "Stale":
      return stale(delivery, admission.why)
    case "Refused":
      return { delivery, fate: { _tag: "Refused", why: admission.why }, arrived: [], superseded: [] }
    case "Admitted":
      break
  }
  const { isNew, lines, superseded } = admission
  let next: Delivery<A> = {
    ...delivery,
    lines,
    calls: delivery.calls.map((call) => (call.isHeard ? call : { ...call, isHeard: true })),
    // Who has just been heard may have nothing yet of what it is owed, but for what it acknowledges. It is not sent at
    // once: whoever makes up names would get a copy of all for each.
    kept: isNew ? hurry(delivery.kept, ours, nowMs) : delivery.kept
  }
  const heard = findLine(next, from)
  if (heard !== undefined) next = acknowledge(next, heard, ours, nowMs)
  if (seq === undefined || isAck) return { delivery: next, fate: { _tag: "Acked" }, arrived: [], superseded }

  const message = isForOther ? { seq, size: 0 } : { seq, size, arrived: { envelope, body } }
  const held = next.lines
    .flatMap((line) => line.received?.ahead ?? [])
    .reduce((sum, one) => sum + one.size, 0)
  const before = received ?? { expected: start ?? seq, ahead: [] }
  const taken = take(before, message, start ?? 0, DeliveryLimits.heldSize - held)
  const now = { ...taken.received, ackDueMs: before.ackDueMs ?? nowMs + DeliveryLimits.ackMs }
  return {
    delivery: { ...next, lines: next.lines.map((line) => (line.line === from ? { ...line, received: now } : line)) },
    fate: isForOther ? { _tag: "Stale", why: "for another line of this user" } : taken.fate,
    arrived: taken.arrived,
    superseded
  }
}
