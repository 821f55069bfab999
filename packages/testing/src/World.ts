/** What can be seen of a simulated world. For the invariants, which must hold in it. */
import type { CallState, RtcEvent } from "@enigma-rtc/core"
import type { LinkEntry } from "./FaultyLink.ts"
import type { MockPeer } from "./MockPeer.ts"

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
export type WorldPeer = Pick<MockPeer, "intent" | "localDescription" | "operations" | "remoteDescription" | "signalingState" | "timesClosed">

/** One end: a line, its calls and its engine. */
export interface WorldEnd {
  readonly name: string
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
  /** Must every end be connected, in one and the same call? Otherwise it is enough that the ends agree. */
  readonly expects: "connected" | "agreement"
  /** When the last call was over; `undefined` as long as one is on. */
  readonly overMs: number | undefined
  /** How many fibers wait for a moment to come. */
  readonly sleeping: number
}
