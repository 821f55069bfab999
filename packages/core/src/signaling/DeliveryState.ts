/** What `Delivery` remembers of one conversation: plain data, which its functions read and never change. */
import type { Envelope } from "./codec.ts"
import type { CallMessage } from "./SignalingMessage.ts"

/** A message that a line posts: its call is named, the other delivery fields are `Delivery`'s. */
export type PostedMessage = CallMessage & { readonly call_id: string }

/** A posted message, for as long as somebody may still need it. */
export interface KeptMessage {
  readonly seq: number
  readonly message: PostedMessage
  /** When it was last put on the channel; absent until then. */
  readonly sentMs?: number
  /** When the next copy is due, if anybody needs one. */
  readonly dueMs: number
  /** How long to wait after the next copy. */
  readonly waitMs: number
}

/** A message for a peer without delivery fields, which acknowledges nothing. */
export interface UnnumberedMessage {
  readonly message: CallMessage
  readonly dueMs: number
}

/** What a call is to `Delivery`: whom its messages are for, and since when it is over. */
export interface DeliveryCall {
  readonly id: string
  /** When it became known. */
  readonly sinceMs: number
  /** Has any line of the peer been heard since the call began? */
  readonly isHeard: boolean
  /** The one line that the call is with; without a line it is with a peer that has no delivery fields. */
  readonly bound?: { readonly line?: string; readonly sinceMs: number }
  readonly overMs?: number
}

/** A message as it came in: what is around it, and what the caller made of it. */
export interface ArrivedMessage<A> {
  readonly envelope: Envelope
  readonly body: A
}

/** A message that overtook another; without `arrived` it is for another line, and only takes up its place. */
export interface HeldMessage<A> {
  readonly seq: number
  readonly size: number
  readonly arrived?: ArrivedMessage<A>
}

/** How far a line's messages have come in. */
export interface ReceivedSoFar<A> {
  /** The next number that is expected. */
  readonly expected: number
  /** What is held, by number. */
  readonly ahead: ReadonlyArray<HeldMessage<A>>
  /** When to tell the line what is expected, if nothing else has told it before. */
  readonly ackDueMs?: number
}

/** A line of the peer that has been heard. */
export interface PeerLine<A> {
  readonly line: string
  /** What the line expects next of us. */
  readonly acked: number
  readonly heardMs: number
  /** A newer line of the same device is there. */
  readonly isSuperseded: boolean
  /** Absent until a numbered message has come from it. */
  readonly received?: ReceivedSoFar<A>
}

/** One conversation: our line with one peer's name, whose lines are its devices. Plain JSON, if `A` is. */
export interface Delivery<A> {
  readonly line: string
  readonly nextSeq: number
  /** Without gaps up to `nextSeq`. */
  readonly kept: ReadonlyArray<KeptMessage>
  /** For peers without delivery fields: each goes out when it is due, and is forgotten. */
  readonly unnumbered: ReadonlyArray<UnnumberedMessage>
  /** In the order in which they became known. */
  readonly calls: ReadonlyArray<DeliveryCall>
  readonly lines: ReadonlyArray<PeerLine<A>>
}

/** The times and bounds of `Delivery`. */
export const DeliveryLimits = {
  /** How many messages are kept before `isFull`. */
  kept: 1_024,
  /** How far a message may be ahead of the one that is expected. */
  ahead: 64,
  /** How many characters all that is held may have. */
  heldSize: 262_144,
  /** How many lines of a peer are remembered. */
  lines: 16,
  /** How many calls are remembered. */
  calls: 256,
  /** How many repeats one poll gives out. */
  resends: 32,
  /** The wait before what was too much for one poll. */
  paceMs: 50,
  /** The wait after the first copy of a message; it doubles from copy to copy. */
  firstWaitMs: 500,
  longestWaitMs: 4_000,
  /** How long an acknowledgement waits for a message to go with. */
  ackMs: 50,
  /** How long after its first copy a candidate goes once more to a peer without delivery fields. */
  onceMoreMs: 1_000,
  /** How long what has ended, or was answered elsewhere, is still told. */
  lingerMs: 32_000
} as const

/** The call of this name, if it is remembered. */
export const findCall = <A>(delivery: Delivery<A>, id: string): DeliveryCall | undefined =>
  delivery.calls.find((call) => call.id === id)

/** The peer's line of this name, if it is remembered. */
export const findLine = <A>(delivery: Delivery<A>, name: string): PeerLine<A> | undefined =>
  delivery.lines.find(({ line }) => line === name)
