/** Everything that the machine may ask of the world. The machine does none of it; the session does, in order. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { TimerName } from "./CallInput.ts"
import type { EndReason } from "./EndReason.ts"
import type { MediaIntent } from "./MediaIntent.ts"
import type { CallEvent } from "./CallEvent.ts"

/** What the machine asks to be done. */
export type CallCommand =
  | { readonly _tag: "OpenPeer"; readonly operation: number; readonly intent: MediaIntent }
  /** Opens a new connection in the place of the one that is open, which is closed and heard no more. */
  | { readonly _tag: "ReopenPeer"; readonly operation: number; readonly intent: MediaIntent }
  /** Answered by `EngineClosed`, whatever the engine does. */
  | { readonly _tag: "ClosePeer" }
  /** Answered by `EngineOffered` or `EngineRefused`, and so on. */
  | { readonly _tag: "CreateOffer"; readonly operation: number; readonly iceRestart: boolean }
  | { readonly _tag: "CreateAnswer"; readonly operation: number; readonly offer: string }
  | { readonly _tag: "ApplyAnswer"; readonly operation: number; readonly answer: string }
  | { readonly _tag: "RollBack"; readonly operation: number }
  | { readonly _tag: "AddCandidates"; readonly candidates: ReadonlyArray<IceCandidate> }
  | { readonly _tag: "ApplyIntent"; readonly intent: MediaIntent }
  | { readonly _tag: "SendOffer"; readonly callId: string; readonly negotiation: number; readonly sdp: string }
  | { readonly _tag: "SendAnswer"; readonly callId: string; readonly negotiation: number; readonly sdp: string }
  | {
    readonly _tag: "SendCandidates"
    readonly callId: string
    readonly negotiation: number
    readonly candidates: ReadonlyArray<IceCandidate>
  }
  /** With `answeredBy`, for every line of the peer but that one. */
  | {
    readonly _tag: "SendHangup"
    readonly callId: string
    readonly reason: EndReason
    readonly answeredBy?: string
  }
  | { readonly _tag: "StartTimer"; readonly timer: TimerName; readonly token: number }
  | { readonly _tag: "StopTimer"; readonly timer: TimerName }
  | { readonly _tag: "Emit"; readonly event: CallEvent }
