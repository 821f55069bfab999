/** What can be seen of a simulated world. For the invariants, which must hold in it. */
import type { CallState, RtcEvent } from "@enigma-rtc/core"
import type { LinkEntry } from "../link/FaultyLink.ts"
import type { MockPeer } from "../mock/MockPeer.ts"

/** One call, as one end has it. */
export interface WorldCall {
  readonly id: string
  /** The far end's name. */
  readonly peer: string
  readonly state: CallState
  /** Everything that it has told, in order. */
  readonly events: ReadonlyArray<RtcEvent>
}

/** What a connection shows of itself. */
export type WorldPeer = Pick<
  MockPeer,
  "candidatesAdded" | "candidatesFound" | "intent" | "localDescription" | "operations" | "remoteDescription" | "signalingState" | "timesClosed"
>

/** One end: a device at work, its calls and its engine. */
export interface WorldEnd {
  readonly name: string
  /** Whose device it is: the name that the other end calls. */
  readonly user: string
  /** Do its messages name their calls? Otherwise its calls have ids that only it knows. */
  readonly namesCalls: boolean
  /** Its app was killed: it says and hears nothing more. */
  readonly isGone: boolean
  /** What it was sent and cannot take: the types and fields of such messages. */
  readonly misfits: ReadonlyArray<string>
  /** Every call that it made or that rang there. */
  readonly calls: ReadonlyArray<WorldCall>
  /** What its engine did and refused. */
  readonly mock: { readonly peers: ReadonlyArray<WorldPeer>; readonly errors: ReadonlyArray<Error> }
}

/** Something that a user has asked for. */
export interface WorldOperation {
  readonly atMs: number
  readonly who: string
  readonly what: string
  /** Must it succeed? Users who act at random may be refused. */
  readonly must: boolean
  readonly outcome: "pending" | "done" | "refused" | "died"
  /** Why it was refused, or what it died of. */
  readonly why: string
}

/** Must all users be connected, in one and the same call, or must all calls have ended? Or is it enough that the ends agree? */
export type Expected = "connected" | "ended" | "agreement"

/** A simulated world at one moment. */
export interface World {
  /** Virtual milliseconds since it began. */
  readonly nowMs: number
  readonly ends: ReadonlyArray<WorldEnd>
  /** Every text that was sent. */
  readonly texts: ReadonlyArray<LinkEntry>
  readonly operations: ReadonlyArray<WorldOperation>
  /** What nobody handled: rejected promises. */
  readonly rejections: ReadonlyArray<unknown>
  /** What must come of it. */
  readonly expects: Expected
  /** When the last call was over; `undefined` as long as one is on. */
  readonly overMs: number | undefined
  /** How many fibers wait for a moment to come. */
  readonly sleeping: number
}
