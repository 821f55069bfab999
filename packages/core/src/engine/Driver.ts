/** What an adapter writes: a stack's own calls, as promises. `fromDriver` adds all that every adapter would repeat. */
import type { MediaIntent } from "../call/MediaIntent.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { CallStats } from "./CallStats.ts"
import type { DataChannel, DataOptions } from "./DataChannel.ts"
import type { EngineEvent } from "./EngineEvent.ts"
import type { OfferOptions } from "./RtcEngine.ts"

type Settles<A> = A | Promise<A>

/**
 * A driver is called in order, one operation at a time, only in the right signaling state, with descriptions and
 * candidates that have been checked, and never after `close`. Only what may take long without a change of state
 * (`addRemoteCandidate`, `openDataChannel`, `stats`) may still run when the next operation begins; and a driver that
 * tells `RemoteDescriptionSet` is given candidates beside the operation that it tells it in. It throws, or rejects, with
 * whatever its stack gives.
 */
export interface Driver {
  readonly setMedia: (intent: MediaIntent) => Settles<void>
  readonly createOffer: (options: OfferOptions) => Settles<string>
  readonly createAnswer: (offerSdp: string) => Settles<string>
  /** On failure all is as before: the offer is out still. */
  readonly applyAnswer: (answerSdp: string) => Settles<void>
  /**
   * Only without the capability `rollback` may it be missing. Candidates already told stay valid: the next offer had better
   * keep its mids; but the far end's offer may come first, with other sections.
   */
  readonly rollback?: () => Settles<void>
  readonly addRemoteCandidate: (candidate: IceCandidate) => Settles<void>
  /** Settles when the channel is open. Only without the capability `data` may it be missing. */
  readonly openDataChannel?: (label: string, options: DataOptions) => Settles<DataChannel>
  readonly stats: () => Settles<CallStats>
  readonly close: () => Settles<void>
}

/** An event as a driver tells it: it may be repeated or early, and the ufrag may be missing. */
export type DriverEvent =
  /**
   * The stack has the description that `createAnswer` or `applyAnswer` was given, and takes its candidates, though the
   * operation still runs: `addRemoteCandidate` may be called from now on, beside it. Without it candidates wait for its end.
   */
  | { readonly _tag: "RemoteDescriptionSet" }
  | Exclude<EngineEvent, { readonly _tag: "LocalCandidate" | "CandidateRefused" }>
  | { readonly _tag: "LocalCandidate"; readonly candidate: IceCandidate; readonly ufrag?: string }
