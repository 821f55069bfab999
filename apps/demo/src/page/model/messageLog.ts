/** Every signaling message that goes out or comes in, and what became of it. For the glass box. */
import type { Incoming, LineReceipt } from "@enigma-rtc/core"
import { signal } from "@preact/signals"
import type { Fate } from "./worsen.ts"

/** What became of a message. What is `good` did what it is for; what is `bad` was lost or refused. */
export interface Outcome {
  readonly kind: "good" | "calm" | "warn" | "bad"
  readonly word: string
  readonly why?: string
}

export interface LoggedMessage {
  readonly n: number
  readonly atMs: number
  readonly direction: "out" | "in"
  readonly peer: string
  readonly type: string
  /** In characters. */
  readonly size: number
  readonly seq: number | undefined
  readonly from: string | undefined
  readonly callId: string | undefined
  readonly fate: string | undefined
  readonly outcome: Outcome
}

const mostKept = 400
export const messages = signal<ReadonlyArray<LoggedMessage>>([])
export const clearMessages = (): void => void (messages.value = [])

type Head = Readonly<Partial<Record<"type" | "from" | "to" | "call_id" | "reason" | "replaces", string> & Record<"seq" | "ack", number>>>
const headOf = (text: string): Head => {
  try {
    return (JSON.parse(text) ?? {}) as Head
  } catch {
    return {}
  }
}

const fateWords = (fate: Fate): string | undefined => {
  if (fate.length === 0) return "lost"
  const late = Math.max(...fate)
  const words = [fate.length > 1 ? "twice" : "", late > 0 ? `${late} ms late` : ""].filter((word) => word !== "")
  return words.length === 0 ? undefined : words.join(", ")
}

let count = 0
const sentBefore = new Set<string>()
/** Numbers of messages that came, and whose receipts have not. */
const unread: Array<number> = []

const add = (message: Omit<LoggedMessage, "n" | "atMs">): number => {
  const n = ++count
  messages.value = [...messages.peek().slice(1 - mostKept), { ...message, n, atMs: performance.now() }]
  return n
}
const settle = (which: (message: LoggedMessage) => boolean, outcome: Outcome) => {
  if (messages.peek().some(which)) messages.value = messages.peek().map((one) => (which(one) ? { ...one, outcome } : one))
}

const describe = (text: string) => {
  const { call_id: callId, from, reason, replaces, seq, type: kind = "unreadable" } = headOf(text)
  const detail = kind === "hangup" ? reason : kind === "offer" && replaces !== undefined ? "moves the call" : undefined
  return { type: detail === undefined ? kind : `${kind}: ${detail}`, size: text.length, seq, from, callId }
}

/** A message of ours, given to the channel. */
export const logSent = (text: string, peer: string, fate: Fate): void => {
  const described = describe(text)
  const key = `${described.from} ${peer} ${described.seq}`
  const isAgain = described.seq !== undefined && sentBefore.has(key)
  if (sentBefore.size > 4_096) sentBefore.clear()
  sentBefore.add(key)
  const lost = fate.length === 0
  add({
    ...described,
    direction: "out",
    peer,
    fate: fateWords(fate),
    outcome: lost ? { kind: "bad", word: "lost" } : { kind: isAgain ? "warn" : "calm", word: isAgain ? "resent" : "sent" }
  })
}

/** A message of a peer's that the channel has handed over, or lost. */
export const logCame = ({ peer, text }: Incoming, lateMs: number | undefined): void => {
  const fate = lateMs === undefined ? "lost" : lateMs > 0 ? `${lateMs} ms late` : undefined
  const outcome: Outcome = lateMs === undefined ? { kind: "bad", word: "lost" } : { kind: "calm", word: "came" }
  const n = add({ ...describe(text), direction: "in", peer, fate, outcome })
  if (lateMs === undefined) return
  unread.push(n)
  const { ack, to } = headOf(text)
  if (ack === undefined) return
  settle(
    (one) => one.direction === "out" && one.peer === peer && one.from === to && one.seq !== undefined && one.seq < ack && (one.outcome.word === "sent" || one.outcome.word === "resent"),
    { kind: "good", word: "arrived" }
  )
}

const outcomeOf = ({ receipt }: LineReceipt): Outcome => {
  switch (receipt._tag) {
    case "Delivered":
      return { kind: "good", word: "delivered" }
    case "Repeated":
      return { kind: "warn", word: "duplicate", why: "it has come before" }
    case "Stale":
      return { kind: "warn", word: "stale", why: receipt.why }
    case "Held":
      return { kind: "warn", word: "held", why: receipt.why }
    case "Refused":
      return { kind: "bad", word: "refused", why: receipt.error.message }
  }
}

/** Held messages that the last one has set free, in their order: their receipts come next. */
let freed: Array<number> = []

/** A receipt of the line's: receipts come in the order of the messages, and each message's before those that it sets free. */
export const logReceipt = (receipt: LineReceipt): void => {
  const n = freed.shift() ?? unread.shift()
  if (n === undefined) return
  const outcome = outcomeOf(receipt)
  const one = messages.peek().find((message) => message.n === n)
  settle((message) => message.n === n, outcome)
  if (one?.seq === undefined || freed.length > 0 || outcome.word === "held" || outcome.word === "duplicate") return
  let next = one.seq + 1
  const held = messages.peek().filter(({ from, outcome }) => outcome.word === "held" && from === one.from)
  for (let found = held.find(({ seq }) => seq === next); found !== undefined; found = held.find(({ seq }) => seq === next)) {
    freed.push(found.n)
    next++
  }
}
